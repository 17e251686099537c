"""The least that Django can do for somebody who is signed in: know who it is, read one row, say it."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import re_path


def one_row(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return HttpResponse("nobody")
    meal = request.user.meals.first()
    return HttpResponse(meal.get_category_display() if meal else "nothing")


urlpatterns = [re_path("", one_row)]

get_wsgi_application()  # as production is, so that both have the same apps, sessions and database
settings.ROOT_URLCONF = __name__
settings.MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
application = get_wsgi_application()
