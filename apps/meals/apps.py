from django.apps import AppConfig


class MealsConfig(AppConfig):
    name = "apps.meals"
