INSTALLED_APPS = [
    "apps.accounts",
    "apps.edibles",
    "apps.meals",
    "apps.wellbeing",
    "apps.journal",
    "apps.insights",
    "apps.portability",
    "foodmood",
    "allauth",
    "allauth.account",
    "django_htmx",
    "django_q",
    "csp",
    "django.forms",  # the form renderer finds its templates here
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
