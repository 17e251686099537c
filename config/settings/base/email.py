from config.mail import PROVIDERS

_provider = env["EMAIL_PROVIDER"] or ("smtp" if env["EMAIL_URL"] else None)

# Where mail really leaves. Without a provider nowhere, and a page that would send one says so (docs/adr/0007).
MAIL_TRANSPORT = PROVIDERS[_provider].transport if _provider else "django.core.mail.backends.dummy.EmailBackend"
EMAIL_BACKEND = MAIL_TRANSPORT  # prod puts the queue between (docs/adr/0009)
MAIL_WEBHOOK = PROVIDERS[_provider].webhook if _provider and env["EMAIL_WEBHOOK_SECRET"] else ""

_smtp = env["EMAIL_URL"] or {}
EMAIL_HOST = _smtp.get("EMAIL_HOST", "localhost")
EMAIL_PORT = _smtp.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = _smtp.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _smtp.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = _smtp.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _smtp.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env["DEFAULT_FROM_EMAIL"]
SERVER_EMAIL = DEFAULT_FROM_EMAIL

ANYMAIL = {
    "MAILGUN_API_KEY": env["MAILGUN_API_KEY"],
    "MAILGUN_API_URL": env["MAILGUN_API_URL"],
    "MAILGUN_SENDER_DOMAIN": env["MAILGUN_SENDER_DOMAIN"],
    "MAILGUN_WEBHOOK_SIGNING_KEY": env["MAILGUN_WEBHOOK_SIGNING_KEY"] or env["MAILGUN_API_KEY"],
    "POSTMARK_SERVER_TOKEN": env["POSTMARK_SERVER_TOKEN"],
    "SENDGRID_API_KEY": env["SENDGRID_API_KEY"],
    "BREVO_API_KEY": env["BREVO_API_KEY"],
    "RESEND_API_KEY": env["RESEND_API_KEY"],
    "AMAZON_SES_CLIENT_PARAMS": {
        "aws_access_key_id": env["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": env["AWS_SECRET_ACCESS_KEY"],
        "region_name": env["AWS_REGION"],
        "config": {
            "connect_timeout": EMAIL_TIMEOUT,
            "read_timeout": EMAIL_TIMEOUT,
            "retries": {"total_max_attempts": 1},
        },
    },
    "REQUESTS_TIMEOUT": EMAIL_TIMEOUT,
    "WEBHOOK_SECRET": env["EMAIL_WEBHOOK_SECRET"],
}
