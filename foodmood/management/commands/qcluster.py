from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foodmood.database import wait_until_reachable
from foodmood.startup import report_environment
from foodmood.tasks.cluster import Cluster


class Command(BaseCommand):
    """In place of django-q2's command of this name: docs/adr/0020 says why."""

    help = "Run the worker: what is scheduled, and what waits in the queue."

    def handle(self, *args: Any, **options: Any) -> None:
        report_environment()
        if problem := wait_until_reachable():
            raise CommandError(problem)
        Cluster().run()
