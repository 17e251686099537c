"""What waits to be done, and for how long."""

from datetime import datetime, timedelta

from django.db.models import Min
from django.utils import timezone
from django_q.models import OrmQ

from foodmood.mail.models import QueuedMail


def tasks_late() -> timedelta:
    """For how long the task that was due first has been due."""
    return since(OrmQ.objects.filter(lock__lte=timezone.now()).aggregate(first=Min("lock"))["first"])


def mail_late() -> timedelta:
    """The same of mail. A mail that was tried is due again later: this is mail that nobody tries."""
    return since(QueuedMail.objects.due().aggregate(first=Min("next_try_at"))["first"])


def mail_oldest() -> timedelta:
    """How long the oldest mail waits in all, tried or not."""
    return since(QueuedMail.objects.waiting().aggregate(first=Min("queued_at"))["first"])


def is_any() -> bool:
    return OrmQ.objects.exists() or QueuedMail.objects.waiting().exists()


def since(moment: datetime | None) -> timedelta:
    return max(timezone.now() - moment, timedelta()) if moment else timedelta()
