"""The test settings, of a site where whoever signs up is in; for processes of their own."""

from tests.settings import *  # noqa: F403 -- settings

EMAIL_BACKEND = MAIL_TRANSPORT = "django.core.mail.backends.dummy.EmailBackend"
ACCOUNT_EMAIL_VERIFICATION = "none"
