from importlib import import_module

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "foodmood.audit"
    verbose_name = "Audit trail"

    def ready(self) -> None:
        import_module("foodmood.audit.signals")
