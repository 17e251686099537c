from datetime import date

from django.urls import path, register_converter

from apps.journal import views


class DayConverter:
    """A day that a diary may have: yyyy-mm-dd from 1900 to 2099. Any other is no page."""

    regex = "(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        """The nearest day that has a page: west of Greenwich the first meal of 1900 was eaten in 1899."""
        return min(max(str(value), "1900-01-01"), "2099-12-31")


register_converter(DayConverter, "day")

urlpatterns = [
    path("", views.today, name="today"),
    path("day/", views.jump, name="jump"),
    path("day/<day:day>/", views.day, name="day"),
    path("day/<day:day>/meal/", views.log_meal, name="log-meal"),
    path("day/<day:day>/check-in/", views.check_in, name="check-in"),
    path("log/suggest/", views.suggest, name="suggest"),
    path("log/starter-categories/", views.add_starter_categories, name="starter-categories"),
]
