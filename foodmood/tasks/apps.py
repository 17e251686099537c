from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class TasksConfig(AppConfig):
    name = "foodmood.tasks"
    label = "tasks"
    verbose_name = _("background work")

    def ready(self) -> None:
        from foodmood.after_migrate import complete_database  # noqa: PLC0415 -- models are ready only now

        post_migrate.connect(complete_database, sender=self)
