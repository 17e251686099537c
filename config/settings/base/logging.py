LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "filters": {"no_tokens": {"()": "foodmood.logs.NoTokens"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain"},
        "null": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": env["LOG_LEVEL"]},
    "loggers": {
        "django": {"handlers": [], "level": env["LOG_LEVEL"], "propagate": True},
        "django.request": {"filters": ["no_tokens"]},
        "django.security.csrf": {"filters": ["no_tokens"]},
        # One line remains, from django.request: a scanner's host names are no news.
        "django.security.DisallowedHost": {"handlers": ["null"], "propagate": False},
        "axes": {"handlers": [], "level": "WARNING", "propagate": True},  # not every good log-in
        "fido2": {"handlers": [], "level": "WARNING", "propagate": True},  # names each passkey
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
