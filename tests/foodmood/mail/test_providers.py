"""Each provider's backend really talks: to a server on this machine that stands in for the provider's."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus

import pytest
from django.core.mail import EmailMultiAlternatives
from pytest_django import Settings

from config.mail import PROVIDERS
from foodmood.mail.models import QueuedMail
from foodmood.mail.sending import send_due
from tests.foodmood.mail.api import Api, standing_in

pytestmark = [
    pytest.mark.usefixtures("_queued"),
    pytest.mark.filterwarnings("ignore:django-anymail has dropped official support for SendGrid"),
]

# provider: its settings but the address, the setting for that, where a mail is posted, how it proves who it is,
# and what the provider answers.
TALK: dict[str, tuple[dict[str, Any], str, str, str, Any]] = {
    "mailgun": (
        {"MAILGUN_API_KEY": "the-key", "MAILGUN_SENDER_DOMAIN": "mg.example.org"},
        "MAILGUN_API_URL",
        "/mg.example.org/messages",
        "Basic YXBpOnRoZS1rZXk=",
        {"id": "<1@mg.example.org>", "message": "Queued. Thank you."},
    ),
    "postmark": (
        {"POSTMARK_SERVER_TOKEN": "the-key"},
        "POSTMARK_API_URL",
        "/email",
        "the-key",
        {"ErrorCode": 0, "Message": "OK", "MessageID": "1", "To": "alice@example.org"},
    ),
    "sendgrid": ({"SENDGRID_API_KEY": "the-key"}, "SENDGRID_API_URL", "/mail/send", "Bearer the-key", None),
    "brevo": ({"BREVO_API_KEY": "the-key"}, "BREVO_API_URL", "/smtp/email", "the-key", {"messageId": "<1@brevo>"}),
    "resend": ({"RESEND_API_KEY": "the-key"}, "RESEND_API_URL", "/emails", "Bearer the-key", {"id": "1"}),
    "ses": (
        {},
        "endpoint_url",
        "/v2/email/outbound-emails",
        "AWS4-HMAC-SHA256 Credential=the-key/",
        {"MessageId": "1"},
    ),
}
KEYS = {"aws_access_key_id": "the-key", "aws_secret_access_key": "the-secret", "region_name": "eu-central-1"}


@pytest.fixture
def api() -> Iterator[Api]:
    with standing_in(Api()) as api:
        yield api


def choose(provider: str, api: Api, settings: Settings) -> None:
    given, place, _path, _proof, answer = TALK[provider]
    settings.MAIL_TRANSPORT = PROVIDERS[provider].transport
    settings.ANYMAIL = given | {place: api.url, "AMAZON_SES_CLIENT_PARAMS": KEYS | {"endpoint_url": api.url}}
    api.answer = answer


def post() -> None:
    mail = EmailMultiAlternatives("Hello", "Plain words", "FoodMood <diary@example.org>", ["alice@example.org"])
    mail.attach_alternative("<p>Rich words</p>", "text/html")
    mail.send()


def test_every_provider_is_tried_here_or_with_smtp() -> None:
    assert set(TALK) | {"smtp", "console"} == set(PROVIDERS)


@pytest.mark.parametrize("provider", TALK)
def test_a_mail_leaves_through_the_provider(provider: str, api: Api, settings: Settings) -> None:
    choose(provider, api, settings)
    post()
    assert send_due() == 1
    (asked,) = api.asked
    assert asked.path == TALK[provider][2]
    assert any(value.startswith(TALK[provider][3]) for value in asked.headers.values())
    if provider != "ses":  # which wants the whole mail in base64
        for part in ("diary@example.org", "alice@example.org", "Hello", "Plain words", "Rich words"):
            assert part in unquote_plus(asked.body)


@pytest.mark.parametrize("provider", TALK)
@pytest.mark.parametrize("status", [401, 429, 500])
def test_a_provider_that_does_not_take_mail_gets_it_later(
    provider: str, status: int, api: Api, settings: Settings
) -> None:
    choose(provider, api, settings)
    api.status, api.answer = status, {"message": "alice@example.org? Not now"}
    post()
    assert send_due() == 0
    error = QueuedMail.objects.waiting().get().last_error
    assert error.endswith(f"APIError {status}" if provider != "ses" else "APIError")


def test_a_recipient_whom_the_provider_refuses_is_set_aside(api: Api, settings: Settings) -> None:
    choose("postmark", api, settings)
    api.status = 422
    api.answer = {"ErrorCode": 300, "Message": "Invalid 'To' address: 'alice@example.org'."}
    post()
    send_due()
    assert QueuedMail.objects.set_aside().get().last_error == "AnymailRecipientsRefused"
