from django.conf import settings


def mail_is_sent() -> bool:
    """Whether this site can send mail at all: without EMAIL_URL a production site does not."""
    return settings.EMAIL_BACKEND != "django.core.mail.backends.dummy.EmailBackend"
