import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import DatabaseError, models
from django.utils import timezone

from foodmood.backups import BackupError
from foodmood.explanations import explain

KEPT = timedelta(days=365)
logger = logging.getLogger(__name__)


class BackupRun(models.Model):
    """How a backup or a drill ended. One that was killed leaves no row: the last good one grows old, and that shows."""

    class Kind(models.TextChoices):
        BACKUP = "backup"
        DRILL = "drill"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(default=timezone.now)
    ok = models.BooleanField()
    size = models.PositiveBigIntegerField(null=True)  # bytes of the file in the storage
    problem = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-finished_at", "-pk"]
        indexes = [models.Index(fields=["kind", "-finished_at"], name="backup_runs_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Run:
    """A run in progress, told its size by whoever does it."""

    size: int | None = None


@contextmanager
def recorded(kind: BackupRun.Kind) -> Iterator[Run]:
    """Keep how the block ended, for the metrics."""
    started_at, run, problem = timezone.now(), Run(), ""
    try:
        yield run
    except BaseException as error:
        problem = str(error) if isinstance(error, BackupError) else explain(error)
        logger.error("The %s failed: %s", kind.value, problem)  # noqa: TRY400 -- the mend is in the message
        raise
    finally:
        _record(kind, started_at, run.size, problem)


def _record(kind: BackupRun.Kind, started_at: datetime, size: int | None, problem: str) -> None:
    longest = BackupRun._meta.get_field("problem").max_length  # noqa: SLF001 -- Django's documented API
    try:
        BackupRun.objects.create(kind=kind, started_at=started_at, ok=not problem, size=size, problem=problem[:longest])
        BackupRun.objects.filter(finished_at__lt=timezone.now() - KEPT).delete()
    except DatabaseError as error:  # what went wrong before is the news; and a backup that is there is there
        logger.error("How the %s ended could not be noted: %s", kind.value, explain(error))  # noqa: TRY400 -- as above


def last_backup() -> BackupRun | None:
    """The last one that succeeded: its `finished_at` is the age that an alert looks at."""
    return BackupRun.objects.filter(kind=BackupRun.Kind.BACKUP, ok=True).first()


def last_drill(*, ok: bool | None = None) -> BackupRun | None:
    """The last one, however it ended; or the last that ended so."""
    drills = BackupRun.objects.filter(kind=BackupRun.Kind.DRILL)
    return (drills if ok is None else drills.filter(ok=ok)).first()
