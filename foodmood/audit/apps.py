from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "foodmood.audit"
    verbose_name = _("audit trail")

    def ready(self) -> None:
        import_module("foodmood.audit.signals")
