import signal
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foodmood.backups import BackupError


class BackupCommand(BaseCommand):
    """Cleans up after itself when it is told to stop, and says what went wrong in one message."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        try:
            return super().execute(*args, **options)
        except BackupError as error:
            raise CommandError(str(error)) from None
        finally:
            signal.signal(signal.SIGTERM, before)


def megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"
