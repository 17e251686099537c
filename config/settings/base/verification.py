# Who can't be written to can't prove an address; then everybody would be locked out (docs/adr/0010).
_mail_is_sent = EMAIL_BACKEND != "django.core.mail.backends.dummy.EmailBackend"

ACCOUNT_EMAIL_VERIFICATION = "mandatory" if _mail_is_sent else "none"
MFA_ALLOW_UNVERIFIED_EMAIL = not _mail_is_sent

# For mails that no request leads to.
_scheme = "http" if DEBUG or PLAIN_HTTP else "https"
_port = f":{env['PORT']}" if PLAIN_HTTP and not TRUSTED_PROXY_COUNT else ""
SITE_URL = env["DJANGO_SITE_URL"] or f"{_scheme}://{next(iter(ALLOWED_HOSTS), 'localhost').lstrip('.')}{_port}"
