from config.env import BASE_DIR

USE_TZ = True
TIME_ZONE = "UTC"  # what is stored; each person's own zone is activated for their requests
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
