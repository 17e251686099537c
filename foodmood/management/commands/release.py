from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from foodmood.database import unreachable
from foodmood.schedules import update_schedules


class Command(BaseCommand):
    help = "Bring the database up to this version: migrations, the cache's table, schedules. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        problem = unreachable()
        if problem:
            raise CommandError(problem)
        call_command("migrate", interactive=False, verbosity=options["verbosity"])
        call_command("createcachetable", verbosity=options["verbosity"])
        update_schedules()
