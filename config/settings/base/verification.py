# Who can't be written to can't prove an address; then everybody would be locked out (docs/adr/0010).
_mail_is_sent = EMAIL_BACKEND != "django.core.mail.backends.dummy.EmailBackend"

ACCOUNT_EMAIL_VERIFICATION = "mandatory" if _mail_is_sent else "none"
MFA_ALLOW_UNVERIFIED_EMAIL = not _mail_is_sent

# For mails that no request leads to.
SITE_URL = (
    env["DJANGO_SITE_URL"] or f"{'http' if DEBUG else 'https'}://{next(iter(ALLOWED_HOSTS), 'localhost').lstrip('.')}"
)
