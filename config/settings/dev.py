DEBUG = True
DEMO_ALLOWED = True
ALLOWED_HOSTS = env["DJANGO_ALLOWED_HOSTS"] or ["localhost", "127.0.0.1", "[::1]"]

if not _provider:
    EMAIL_BACKEND = MAIL_TRANSPORT = "django.core.mail.backends.console.EmailBackend"
