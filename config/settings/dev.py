DEBUG = True
DEMO_ALLOWED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # passkeys on http://localhost
ALLOWED_HOSTS = env["DJANGO_ALLOWED_HOSTS"] or ["localhost", "127.0.0.1", "[::1]"]
CACHES["template_fragments"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}  # templates change

if not _provider:
    EMAIL_BACKEND = MAIL_TRANSPORT = "django.core.mail.backends.console.EmailBackend"
