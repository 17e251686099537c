"""Mail waits in the database until it is sent: docs/adr/0009-mail-waits-in-the-database.md."""

from django.conf import settings


def mail_is_sent() -> bool:
    """Whether this site can send mail at all: a production site without a provider can't."""
    return settings.EMAIL_BACKEND != "django.core.mail.backends.dummy.EmailBackend"
