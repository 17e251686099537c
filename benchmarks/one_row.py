"""The least that a view can do for somebody who is signed in: know who it is, read one row, say it."""

from django.http import HttpRequest, HttpResponse
from django.urls import re_path


def one_row(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return HttpResponse("nobody")
    meal = request.user.meals.first()
    return HttpResponse(meal.get_category_display() if meal else "nothing")


urlpatterns = [re_path("", one_row)]
