"""How mail leaves, as an operator says it in the environment."""

import json
import subprocess
import sys
from typing import Any

import pytest

from config.env import BASE_DIR, load
from config.mail import PROVIDERS
from tests.config.test_environment import GOOD, complaint
from tests.inherited import inherited

FROM = {"DEFAULT_FROM_EMAIL": "FoodMood <diary@food.test>"}
SECRET = "foodmood:Ys3kq9ZpL0vX7tBn2mRw5cUe"
NEEDS = {
    "smtp": {"EMAIL_URL": "smtp+tls://me:pass@mail.food.test"},
    "mailgun": {"MAILGUN_API_KEY": "key", "MAILGUN_SENDER_DOMAIN": "mg.food.test"},
    "postmark": {"POSTMARK_SERVER_TOKEN": "key"},
    "sendgrid": {"SENDGRID_API_KEY": "key"},
    "ses": {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "key", "AWS_REGION": "eu-central-1"},
    "brevo": {"BREVO_API_KEY": "key"},
    "resend": {"RESEND_API_KEY": "key"},
}
QUEUE, DUMMY = "foodmood.mail.backend.QueueBackend", "django.core.mail.backends.dummy.EmailBackend"
CONSOLE = "django.core.mail.backends.console.EmailBackend"


def python(code: str, **environment: str) -> Any:
    """What this code prints, as JSON, in a process of its own with the site's settings."""
    done = subprocess.run(  # noqa: S603 -- our own code
        [sys.executable, "-c", f"import json, sys\nfrom django.conf import settings\n{code}"],
        cwd=BASE_DIR,
        env=inherited() | {"DJANGO_SETTINGS_MODULE": "config.settings"} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def ways(**environment: str) -> tuple[str, str]:
    """Where a request leaves a mail, and from where it goes out."""
    backend, transport = python("print(json.dumps([settings.EMAIL_BACKEND, settings.MAIL_TRANSPORT]))", **environment)
    return backend, transport


def test_every_provider_is_known_here() -> None:
    assert {*NEEDS, "console"} == set(PROVIDERS)


@pytest.mark.parametrize("provider", NEEDS)
def test_a_provider_with_its_keys_is_enough(provider: str) -> None:
    assert load(GOOD | FROM | NEEDS[provider] | {"EMAIL_PROVIDER": provider}, building=False)


@pytest.mark.parametrize(("provider", "missing"), [(name, key) for name, keys in NEEDS.items() for key in keys])
def test_a_missing_key_is_named_with_the_provider_that_needs_it(provider: str, missing: str) -> None:
    message = complaint(EMAIL_PROVIDER=provider, **FROM | NEEDS[provider] | {missing: ""})
    assert "1 problem(s)" in message
    assert f"{missing} is not set, and EMAIL_PROVIDER={provider} needs it: " in message


def test_everything_that_a_provider_lacks_is_in_one_message() -> None:
    message = complaint(EMAIL_PROVIDER="ses")
    for name in ("DEFAULT_FROM_EMAIL", *NEEDS["ses"]):
        assert f"{name} is not set, and " in message


def test_a_site_that_sends_by_smtp_says_who_sends() -> None:
    assert "DEFAULT_FROM_EMAIL is not set, and EMAIL_URL needs it" in complaint(**NEEDS["smtp"])


@pytest.mark.parametrize(
    ("name", "value", "mend"),
    [
        ("EMAIL_PROVIDER", "pigeon", "write one of smtp, mailgun"),
        ("EMAIL_PROVIDER", "console", "prints links that open accounts"),
        ("EMAIL_URL", "smtp+tls://:587", "names no host"),
        ("EMAIL_URL", "smtp://mail:port", "can't be read"),
        ("DEFAULT_FROM_EMAIL", "FoodMood", "write an address"),
        ("DEFAULT_FROM_EMAIL", "FoodMood <diary@localhost>", "no mail server takes"),
        ("MAILGUN_API_URL", "api.eu.mailgun.net", "write a URL"),
        ("EMAIL_WEBHOOK_SECRET", "onlyapassword", "is not USER:PASSWORD"),
        ("EMAIL_WEBHOOK_SECRET", "foodmood:with spaces in it, and many of them", "is not USER:PASSWORD"),
        ("EMAIL_WEBHOOK_SECRET", "foodmood:short", "too easy to guess"),
        ("EMAIL_WEBHOOK_SECRET", "foodmood:" + "a" * 40, "too easy to guess"),
    ],
)
def test_a_wrong_value_is_named_with_its_mend(name: str, value: str, mend: str) -> None:
    message = complaint(**{name: value})
    assert f"{name} " in message
    assert mend in message


@pytest.mark.parametrize(
    ("url", "port"),
    [
        ("smtp://mail.food.test", 25),
        ("smtp+tls://mail.food.test", 587),
        ("smtp+ssl://mail.food.test", 465),
        ("smtp+tls://mail.food.test:2525", 2525),
    ],
)
def test_smtp_knows_the_usual_port(url: str, port: int) -> None:
    assert load(GOOD | FROM | {"EMAIL_URL": url}, building=False)["EMAIL_URL"]["EMAIL_PORT"] == port


def test_a_password_in_a_url_may_hold_any_sign() -> None:
    values = load(GOOD | FROM | {"EMAIL_URL": "smtp://me%40food:p%40ss%2Fword@mail.food.test"}, building=False)
    assert values["EMAIL_URL"]["EMAIL_HOST_USER"] == "me@food"
    assert values["EMAIL_URL"]["EMAIL_HOST_PASSWORD"] == "p@ss/word"


def test_the_smallest_production_sends_no_mail() -> None:
    assert ways(**GOOD) == (DUMMY, DUMMY)


def test_with_a_provider_production_queues() -> None:
    assert ways(**GOOD | FROM | NEEDS["resend"] | {"EMAIL_PROVIDER": "resend"}) == (
        QUEUE,
        "anymail.backends.resend.EmailBackend",
    )


def test_a_url_alone_means_smtp() -> None:
    assert ways(**GOOD | FROM | NEEDS["smtp"]) == (QUEUE, "django.core.mail.backends.smtp.EmailBackend")


def test_development_prints_mail() -> None:
    assert ways(DJANGO_ENV="dev") == (CONSOLE, CONSOLE)


def test_development_has_no_worker_so_a_provider_is_used_at_once() -> None:
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    assert ways(DJANGO_ENV="dev", **NEEDS["smtp"]) == (smtp, smtp)


LOOK = """
import django
django.setup()
from django.urls import NoReverseMatch, reverse
import foodmood.mail.sending, foodmood.mail.webhooks
from django.core.mail import get_connection
get_connection(settings.MAIL_TRANSPORT)
if settings.MAIL_WEBHOOK:
    foodmood.mail.webhooks._view(settings.MAIL_WEBHOOK)
try:
    where = reverse("mail:report")
except NoReverseMatch:
    where = None
print(json.dumps([where, "boto3" in sys.modules]))
"""


@pytest.mark.parametrize(
    ("provider", "secret", "where"),
    [
        ("postmark", SECRET, "/mail/webhooks/"),
        ("postmark", "", None),
        ("smtp", SECRET, None),
        ("ses", SECRET, "/mail/webhooks/"),
    ],
)
def test_reports_are_heard_with_a_secret_only_and_boto3_is_loaded_for_ses_only(
    provider: str, secret: str, where: str | None
) -> None:
    environment = GOOD | FROM | NEEDS[provider] | {"EMAIL_PROVIDER": provider, "EMAIL_WEBHOOK_SECRET": secret}
    assert python(LOOK, **environment) == [where, provider == "ses"]


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtps://me:pass@mail.food.test", 465, False, True),
        ("submissions://me:pass@mail.food.test", 465, False, True),
        ("submission://me:pass@mail.food.test", 587, True, False),
        ("submission://me:pass@mail.food.test:2587", 2587, True, False),
        ("smtp://mail.food.test", 25, False, False),
    ],
)
def test_schemes_say_how_tls_starts(url: str, port: int, tls: bool, ssl: bool) -> None:
    config = load(GOOD | FROM | {"EMAIL_URL": url}, building=False)["EMAIL_URL"]
    assert (config["EMAIL_HOST"], config["EMAIL_PORT"]) == ("mail.food.test", port)
    assert (config.get("EMAIL_USE_TLS", False), config.get("EMAIL_USE_SSL", False)) == (tls, ssl)
