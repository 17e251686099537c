"""What providers report: heard with the secret only, and heeded."""

import base64
import hashlib
import hmac
import json
import logging
from types import ModuleType
from typing import Any

import pytest
from django.test import Client
from django.urls import clear_url_caches, include, path
from pytest_django import Settings

from config import urls
from config.mail import PROVIDERS
from foodmood.mail.models import Suppression

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:django-anymail has dropped official support for SendGrid"),
]

SECRET = "foodmood:Ys3kq9ZpL0vX7tBn2mRw5cUe"
SIGNING_KEY = "key-of-mailgun"


def sns(message: dict[str, Any]) -> dict[str, Any]:
    return {"Type": "Notification", "MessageId": "1", "TopicArn": "arn", "Message": json.dumps(message)}


def mailgun(event: dict[str, Any]) -> dict[str, Any]:
    signature = hmac.new(SIGNING_KEY.encode(), b"1700000000token", hashlib.sha256).hexdigest()
    signed = {"timestamp": "1700000000", "token": "token", "signature": signature}
    return {"signature": signed, "event-data": {"recipient": "Bob@Example.org"} | event}


def ses_bounce(kind: str) -> dict[str, Any]:
    bounce = {
        "bounceType": kind,
        "bounceSubType": "General",
        "bouncedRecipients": [{"emailAddress": "Bob@Example.org"}],
    }
    return sns({"notificationType": "Bounce", "bounce": bounce, "mail": {}})


def postmark(record: str, kind: str) -> dict[str, Any]:
    return {"RecordType": record, "Type": kind, "Email": "Bob@Example.org", "BouncedAt": "2026-11-23T10:00:00Z"}


def resend(kind: str, bounce: str | None = None) -> dict[str, Any]:
    data: dict[str, Any] = {"to": ["Bob@Example.org"], "email_id": "1"}
    if bounce:
        data["bounce"] = {"type": bounce, "message": "The provider sent a bounce message."}
    return {"type": kind, "created_at": "2026-11-23T10:00:00Z", "data": data}


def sendgrid(event: str, kind: str = "") -> list[dict[str, Any]]:
    return [{"event": event, "type": kind, "email": "Bob@Example.org", "timestamp": 1700000000}]


def brevo(event: str) -> dict[str, Any]:
    return {"event": event, "email": "Bob@Example.org", "ts_epoch": 1700000000000}


HARD = {
    "mailgun": mailgun({"event": "failed", "severity": "permanent", "timestamp": 1700000000.0}),
    "postmark": postmark("Bounce", "HardBounce"),
    "sendgrid": sendgrid("bounce", "bounce"),
    "ses": ses_bounce("Permanent"),
    "brevo": brevo("hard_bounce"),
    "resend": resend("email.bounced", "Permanent"),
}
SOFT = {
    "mailgun": mailgun({"event": "failed", "severity": "temporary", "timestamp": 1700000000.0}),
    "postmark": postmark("Bounce", "SoftBounce"),
    "sendgrid": sendgrid("bounce", "blocked"),
    "ses": ses_bounce("Transient"),
    "brevo": brevo("soft_bounce"),
    "resend": resend("email.bounced", "Transient"),
}
COMPLAINT = {
    "mailgun": mailgun({"event": "complained", "timestamp": 1700000000.0}),
    "postmark": postmark("SpamComplaint", "SpamComplaint"),
    "sendgrid": sendgrid("spamreport"),
    "ses": sns(
        {
            "notificationType": "Complaint",
            "complaint": {"complainedRecipients": [{"emailAddress": "Bob@Example.org"}]},
            "mail": {},
        }
    ),
    "brevo": brevo("complaint"),
    "resend": resend("email.complained"),
}


def route(settings: Settings, provider: str) -> None:
    """The site's own addresses, with this provider's reports among them: as config/urls.py does at the start."""
    settings.ANYMAIL = {
        "WEBHOOK_SECRET": SECRET,
        "MAILGUN_WEBHOOK_SIGNING_KEY": SIGNING_KEY,
        "AMAZON_SES_CLIENT_PARAMS": {"region_name": "eu-central-1"},
    }
    settings.MAIL_WEBHOOK = PROVIDERS[provider].webhook

    routed = ModuleType("routed")
    routed.urlpatterns = [*urls.urlpatterns, path("mail/webhooks/", include("foodmood.mail.urls"))]  # type: ignore[attr-defined] # a module
    settings.ROOT_URLCONF = routed
    clear_url_caches()


def report(event: Any, secret: str | None = SECRET) -> int:
    """The status of a report, over a client that minds CSRF and is nobody."""
    headers = {"X-Amz-Sns-Message-Type": "Notification", "X-Amz-Sns-Message-Id": "1"}
    if secret is not None:
        headers["Authorization"] = "Basic " + base64.b64encode(secret.encode()).decode()
    client = Client(enforce_csrf_checks=True)
    return client.post("/mail/webhooks/", event, content_type="application/json", headers=headers).status_code


def suppressed() -> dict[str, str]:
    return dict(Suppression.objects.values_list("address", "reason"))


def test_a_site_without_the_secret_has_no_such_address(client: Client) -> None:
    assert client.post("/mail/webhooks/").status_code == 404


def test_every_provider_with_reports_is_tried_here() -> None:
    assert set(HARD) == set(SOFT) == set(COMPLAINT) == {name for name, each in PROVIDERS.items() if each.webhook}


@pytest.mark.parametrize("provider", HARD)
def test_an_address_that_does_not_exist_gets_no_more_mail(provider: str, settings: Settings) -> None:
    route(settings, provider)
    assert report(HARD[provider]) == 200
    assert suppressed() == {"bob@example.org": "bounced"}


@pytest.mark.parametrize("provider", SOFT)
def test_a_bounce_that_may_pass_changes_nothing(provider: str, settings: Settings) -> None:
    route(settings, provider)
    assert report(SOFT[provider]) == 200
    assert suppressed() == {}


@pytest.mark.parametrize("provider", COMPLAINT)
def test_who_complains_gets_no_more_mail(provider: str, settings: Settings) -> None:
    route(settings, provider)
    assert report(COMPLAINT[provider]) == 200
    assert suppressed() == {"bob@example.org": "complained"}


@pytest.mark.parametrize("provider", HARD)
@pytest.mark.parametrize("secret", [None, "foodmood:wrong", "", "no colon"])
def test_without_the_right_secret_a_report_is_refused(provider: str, secret: str | None, settings: Settings) -> None:
    route(settings, provider)
    assert report(HARD[provider], secret) == 401
    assert suppressed() == {}


@pytest.mark.parametrize("provider", HARD)
@pytest.mark.parametrize("secret", [SECRET, "foodmood:wrong", None])
@pytest.mark.parametrize("rubbish", ["{", "[]", "{}", '"text"', "\udcff", "[" * 100_000])
def test_rubbish_is_refused_without_an_error_of_ours(
    provider: str, secret: str | None, rubbish: str, settings: Settings
) -> None:
    route(settings, provider)
    assert report(rubbish.encode("utf-8", "surrogateescape"), secret) < 500
    assert suppressed() == {}


@pytest.mark.parametrize("address", ["bob\0@example.org", f"{'b' * 400}@example.org", "nobody"])
def test_an_address_that_can_be_none_is_not_kept(settings: Settings, address: str) -> None:
    route(settings, "postmark")
    assert report(postmark("Bounce", "HardBounce") | {"Email": address}) == 200
    assert suppressed() == {}


def test_a_report_that_comes_twice_counts_once(settings: Settings) -> None:
    route(settings, "postmark")
    report(HARD["postmark"])
    assert report(COMPLAINT["postmark"]) == 200
    assert suppressed() == {"bob@example.org": "bounced"}


def test_no_address_is_logged(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    route(settings, "postmark")
    report(HARD["postmark"])
    report(HARD["postmark"], "foodmood:wrong")
    said = " ".join(record.getMessage() for record in caplog.records)
    assert "no more mail goes there" in said
    assert "example.org" not in said.lower()
