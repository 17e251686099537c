from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from foodmood.mail.models import LEASE, QueuedMail
from foodmood.mail.sending import send_due


class Command(BaseCommand):
    help = "Send the mail that is due, as the worker does each minute: for cron where no worker runs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="Also what failed and waits for its next try: after a mend."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["all"]:
            # Not what is being sent at this moment; the rest of what comes before the lease's end comes soon anyway.
            QueuedMail.objects.filter(next_try_at__gt=timezone.now() + LEASE).update(next_try_at=timezone.now())
        sent = send_due()
        waiting, aside = QueuedMail.objects.waiting().count(), QueuedMail.objects.set_aside().count()
        self.stdout.write(f"{sent} sent, {waiting} waiting, {aside} set aside.")
