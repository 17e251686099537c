"""Production's settings; only its static files need not be collected."""

from config.settings import *  # noqa: F403 -- settings

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # type: ignore[name-defined]  # noqa: F405 -- as above
WHITENOISE_AUTOREFRESH = True
