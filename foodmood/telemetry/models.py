"""What every process can see of the others, because it is in the database: web and worker may share nothing else."""

from datetime import timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import F
from django.utils import timezone

ALIVE = timedelta(seconds=45)  # three beats and a half may be late
FORGOTTEN = timedelta(days=1)


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def alive(self) -> Self:
        return self.filter(at__gt=timezone.now() - ALIVE)

    def beat(self, worker: UUID, host: str) -> None:
        """That this worker lives. It also clears away those that went without a word: hosts of containers are many."""
        now = timezone.now()
        self.update_or_create(worker=worker, defaults={"host": host, "at": now})
        self.filter(at__lt=now - FORGOTTEN).delete()


class Heartbeat(models.Model):
    """A worker, written anew every few seconds as long as it lives."""

    worker = models.UUIDField(primary_key=True)
    host = models.CharField(max_length=255)
    at = models.DateTimeField()

    objects = HeartbeatQuerySet.as_manager()

    def __str__(self) -> str:
        return f"worker on {self.host}"


class Happening(StrEnum):
    """What is counted in the database: it happens in the worker, whose memory no scrape can reach."""

    MAIL_SENT = "mail_sent"
    MAIL_FAILED = "mail_failed"  # and is tried again
    MAIL_SET_ASIDE = "mail_set_aside"
    BACKUP_MADE = "backup_made"
    BACKUP_FAILED = "backup_failed"
    DRILL_PASSED = "drill_passed"
    DRILL_FAILED = "drill_failed"


class TallyQuerySet(models.QuerySet["Tally"]):
    def note(self, what: Happening) -> None:
        """That it happened once more, now. One short update: nobody waits for it behind a long transaction."""
        now = timezone.now()
        if not self.filter(what=what).update(count=F("count") + 1, last_at=now):
            _, created = self.get_or_create(what=what, defaults={"count": 1, "last_at": now})
            if not created:  # somebody was first in this very moment
                self.filter(what=what).update(count=F("count") + 1, last_at=now)


class Tally(models.Model):
    """How often something happened, and when it did last."""

    what = models.CharField(max_length=32, primary_key=True)
    count = models.BigIntegerField()
    last_at = models.DateTimeField()

    objects = TallyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.what}: {self.count}"
