from config.env import BASE_DIR, VAR_DIR

STATIC_URL = f"{env['SCRIPT_NAME'] or ''}/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Everywhere, not in prod only: a platform may collect static files before it sets DJANGO_ENV.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False  # nobody else's page needs our files
