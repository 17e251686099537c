"""What waits to be done, and for how long."""

from datetime import datetime, timedelta

from django.db.models import Min
from django.utils import timezone

from foodmood.mail.models import QueuedMail
from foodmood.tasks.brokers import broker


def tasks_waiting() -> int:
    """And those that are being done."""
    return broker().size()


def tasks_late() -> timedelta:
    """For how long the task that was due first has been due."""
    return since(broker().first_due())


def mail_late() -> timedelta:
    """The same of mail. A mail that was tried is due again later: this is mail that nobody tries."""
    return since(QueuedMail.objects.due().aggregate(first=Min("next_try_at"))["first"])


def mail_oldest() -> timedelta:
    """How long the oldest mail waits in all, tried or not."""
    return since(QueuedMail.objects.waiting().aggregate(first=Min("queued_at"))["first"])


def is_any() -> bool:
    return tasks_waiting() > 0 or QueuedMail.objects.waiting().exists()


def since(moment: datetime | None) -> timedelta:
    return max(timezone.now() - moment, timedelta()) if moment else timedelta()
