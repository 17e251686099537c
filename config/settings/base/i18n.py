from config.env import BASE_DIR

USE_TZ = True
TIME_ZONE = "UTC"  # what is stored; each person's own zone is activated for their requests
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
# The second holds what Django and allauth say otherwise than we do: docs/translating.md.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "libraries"]

# Of strangers; a person's own choice is in their account.
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
