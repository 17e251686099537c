from typing import Any

from django.core.management.base import BaseCommand

from foodmood.tasks.cluster import Cluster


class Command(BaseCommand):
    """In place of django-q2's command of this name: docs/adr/0020 says why."""

    help = "Run the worker: what is scheduled, and what waits in the queue."

    def handle(self, *args: Any, **options: Any) -> None:
        Cluster().run()
