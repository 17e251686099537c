from typing import Any

from django.core.management.base import BaseCommand

from apps.accounts.purge import purge


class Command(BaseCommand):
    help = "Delete what was kept for long enough. The worker does it every day; safe to run at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        for what, count in purge().items():
            self.stdout.write(f"{count:>7}  {what}")
