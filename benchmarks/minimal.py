"""The least that Django can do for somebody who is signed in: that one view, and what finds out who it is."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application

get_wsgi_application()  # as production is, so that both have the same apps, sessions and database
settings.ROOT_URLCONF = "benchmarks.one_row"
settings.MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
application = get_wsgi_application()
