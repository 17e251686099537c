"""The test settings, with a real queue behind a real site; for processes of their own."""

from tests.settings import *  # noqa: F403 -- settings

EMAIL_BACKEND = "foodmood.mail.backend.QueueBackend"
MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"  # each sign-up sends one mail
ACCOUNT_RATE_LIMITS = False  # fifty from one machine
