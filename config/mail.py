"""What the environment may say of mail."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

import environ

from config.parsers import check_login, one_of, text
from config.variables import BadValueError, Variable


@dataclass(frozen=True)
class Provider:
    """A way for mail to leave: an e-mail backend, and the view that hears of bounces (none: the way has no such)."""

    transport: str
    webhook: str = ""


PROVIDERS: Mapping[str, Provider] = {
    "smtp": Provider("django.core.mail.backends.smtp.EmailBackend"),
    "mailgun": Provider("anymail.backends.mailgun.EmailBackend", "anymail.webhooks.mailgun.MailgunTrackingWebhookView"),
    "postmark": Provider(
        "anymail.backends.postmark.EmailBackend", "anymail.webhooks.postmark.PostmarkTrackingWebhookView"
    ),
    "sendgrid": Provider(
        "anymail.backends.sendgrid.EmailBackend", "anymail.webhooks.sendgrid.SendGridTrackingWebhookView"
    ),
    "ses": Provider(
        "anymail.backends.amazon_ses.EmailBackend", "anymail.webhooks.amazon_ses.AmazonSESTrackingWebhookView"
    ),
    "brevo": Provider("anymail.backends.brevo.EmailBackend", "anymail.webhooks.brevo.BrevoTrackingWebhookView"),
    "resend": Provider("anymail.backends.resend.EmailBackend", "anymail.webhooks.resend.ResendTrackingWebhookView"),
    "console": Provider("django.core.mail.backends.console.EmailBackend"),
}
SMTP_PORTS = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}
# Names of RFC 8314 and of other programs for the same.
SMTP_ALIASES = {"smtps": "smtp+ssl", "submissions": "smtp+ssl", "submission": "smtp+tls"}


def not_console(value: str) -> None:
    if value == "console":
        raise BadValueError(
            "is console, which prints links that open accounts into the log: choose a real one, or none"
        )


def smtp(value: str) -> dict[str, Any]:
    """Django's EMAIL_* settings for a URL."""
    mend = "write smtp+tls://USER:PASSWORD@HOST:587 or smtp+ssl://USER:PASSWORD@HOST:465, special characters as %xx"
    scheme, _, rest = value.partition("://")
    scheme = SMTP_ALIASES.get(scheme, scheme)
    if scheme not in SMTP_PORTS:
        raise BadValueError(f"has an unknown scheme: {mend}")
    check_login(value)
    try:
        config = dict(environ.Env.email_url_config(f"{scheme}://{rest}"))
    except ValueError as error:
        raise BadValueError(f"can't be read: {mend}") from error
    if not config["EMAIL_HOST"]:
        raise BadValueError(f"names no host: {mend}")
    return config | {"EMAIL_PORT": config["EMAIL_PORT"] or SMTP_PORTS[scheme]}


def sender(value: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[A-Za-z0-9._-]+", parseaddr(value)[1]):
        raise BadValueError(f"is {value!r}: write an address, e.g. FoodMood <diary@example.org>")
    return value


def real_sender(value: str) -> None:
    domain = parseaddr(value)[1].rpartition("@")[2]
    if "." not in domain or domain.endswith((".local", ".localhost", ".localdomain")):
        raise BadValueError(f"is {value!r}, which no mail server takes: write an address of yours")


def address_of_api(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s]+", value):
        raise BadValueError(f"is {value!r}: write a URL, e.g. https://api.eu.mailgun.net/v3")
    return value


def user_and_password(value: str) -> str:
    shortest = 24
    mend = "make one with: python3 -c 'import secrets; print(\"foodmood:\" + secrets.token_urlsafe(32))'"
    user, _, password = value.partition(":")
    if not re.fullmatch(r"[A-Za-z0-9._~-]+", user) or not re.fullmatch(r"[A-Za-z0-9._~-]+", password):
        raise BadValueError(f"is not USER:PASSWORD of letters, digits and - _ . ~ (both go into a URL): {mend}")
    if len(password) < shortest or len(set(password)) < shortest // 3:
        raise BadValueError(f"is too easy to guess (a password of at least {shortest} characters is wanted): {mend}")
    return value


MAIL_VARIABLES = (
    Variable(
        "EMAIL_PROVIDER",
        one_of(*PROVIDERS),
        f"{', '.join(PROVIDERS)}. Not set: smtp with EMAIL_URL; else dev prints mail and prod sends none.",
        check_in_prod=not_console,
    ),
    Variable(
        "EMAIL_URL",
        smtp,
        "smtp+tls://USER:PASSWORD@HOST:587, or smtp+ssl:// (smtps://) for port 465. Special characters as %xx.",
        needed_for=("EMAIL_PROVIDER=smtp",),
        example="smtp+tls://user:password@mail.example.org:587",
    ),
    Variable(
        "DEFAULT_FROM_EMAIL",
        sender,
        "The sender of mail.",
        default="FoodMood <noreply@localhost>",
        needed_for=("EMAIL_PROVIDER", "EMAIL_URL"),
        example="FoodMood <diary@example.org>",
        check_in_prod=real_sender,
    ),
    Variable("MAILGUN_API_KEY", text, "Mailgun's key for sending.", needed_for=("EMAIL_PROVIDER=mailgun",)),
    Variable(
        "MAILGUN_SENDER_DOMAIN",
        text,
        "The domain that Mailgun sends for, e.g. mg.example.org.",
        needed_for=("EMAIL_PROVIDER=mailgun",),
    ),
    Variable(
        "MAILGUN_API_URL",
        address_of_api,
        "https://api.eu.mailgun.net/v3 for an account in the EU.",
        default="https://api.mailgun.net/v3",
    ),
    Variable(
        "MAILGUN_WEBHOOK_SIGNING_KEY", text, "Signs what Mailgun reports. Not set, MAILGUN_API_KEY (old accounts)."
    ),
    Variable(
        "POSTMARK_SERVER_TOKEN",
        text,
        "The API token of a Postmark server.",
        needed_for=("EMAIL_PROVIDER=postmark",),
    ),
    Variable(
        "SENDGRID_API_KEY",
        text,
        "A key of SendGrid's that may send mail.",
        needed_for=("EMAIL_PROVIDER=sendgrid",),
    ),
    Variable("AWS_ACCESS_KEY_ID", text, "A key that may ses:SendEmail.", needed_for=("EMAIL_PROVIDER=ses",)),
    Variable("AWS_SECRET_ACCESS_KEY", text, "That key's secret.", needed_for=("EMAIL_PROVIDER=ses",)),
    Variable("AWS_REGION", text, "Where SES runs, e.g. eu-central-1.", needed_for=("EMAIL_PROVIDER=ses",)),
    Variable("BREVO_API_KEY", text, "Brevo's key (v3).", needed_for=("EMAIL_PROVIDER=brevo",)),
    Variable("RESEND_API_KEY", text, "A key of Resend's that may send mail.", needed_for=("EMAIL_PROVIDER=resend",)),
    Variable(
        "EMAIL_WEBHOOK_SECRET",
        user_and_password,
        "USER:PASSWORD for the provider's reports of bounces at /mail/webhooks/. Not set, there is no such page.",
    ),
)
