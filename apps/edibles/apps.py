from django.apps import AppConfig


class EdiblesConfig(AppConfig):
    name = "apps.edibles"
