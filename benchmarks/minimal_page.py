"""The same view as a page of FoodMood: behind the limits, the headers, the log and all that no page goes without."""

from django.conf import settings

from config.wsgi import application

__all__ = ["application"]

settings.ROOT_URLCONF = "benchmarks.one_row"
