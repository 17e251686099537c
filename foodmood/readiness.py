"""Whether this process can do its work, part by part. /ready/ answers by it, and the metrics tell it."""

import functools
import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Lock, Thread
from time import monotonic

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django_q.models import Schedule

from foodmood.database import describe, reason
from foodmood.mail import mail_is_sent
from foodmood.static import not_collected
from foodmood.tasks.brokers import QueueUnavailableError
from foodmood.telemetry import backlog
from foodmood.telemetry.models import Heartbeat

logger = logging.getLogger(__name__)

MEND_WORKER = "is a worker running (`python manage.py qcluster`), and what does its log say?"
LATE = timedelta(minutes=5)
LEAST_FREE = 0.05  # of a disk …
LEAST_FREE_BYTES = 2 * 1024**3  # … unless that is still plenty
GIVEN_UP = 30  # seconds; a connection may hang for ever, and the next one work


@dataclass(frozen=True, slots=True)
class Finding:
    """One part, and what is wrong with it and how to mend it; "" if nothing is."""

    part: str
    problem: str

    @property
    def stops(self) -> bool:
        """Whether no request can be served like this; else something is only not as it should be."""
        return bool(self.problem) and self.part in STOPPING


def database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return f"the {describe()} can't be reached: {reason(error)}. Check DATABASE_URL, and that it is running"
    return ""


def migrations() -> str:
    missing = _migrations().difference(MigrationRecorder(connection).applied_migrations())
    if not missing:
        return ""
    return (
        f"{len(missing)} migration(s) are not applied: run `python manage.py release`. If that is all of them, the"
        " database is new or empty: is it the right one, and its disk mounted?"
    )


def static() -> str:
    return "" if settings.DEBUG else not_collected() or ""


def caching() -> str:
    cache.get("ready")
    return ""


def schedules() -> str:
    missing = settings.SCHEDULES.keys() - set(Schedule.objects.values_list("name", flat=True))
    if not missing:
        return ""
    return f"no worker is told of {', '.join(sorted(missing))}: run `python manage.py release`"


def tasks() -> str:
    late = backlog.tasks_late()
    return f"a task has been due for {_minutes(late)}: {MEND_WORKER}" if late > LATE else ""


def mail() -> str:
    late = backlog.mail_late()
    return f"a mail has been due for {_minutes(late)}: {MEND_WORKER}" if mail_is_sent() and late > LATE else ""


def worker() -> str:
    if backlog.is_any() and not Heartbeat.objects.alive().exists():
        return "work is waiting, and no worker lives: start `python manage.py qcluster`"
    return ""


def disk() -> str:
    full = []
    for name, folder in settings.DISKS.items():
        if folder.is_dir():
            room = shutil.disk_usage(folder)
            if room.free < min(room.total * LEAST_FREE, LEAST_FREE_BYTES):
                full.append(f"{room.free // 1024**2} MB are free for {name}, in {folder}")
    return f"{'; '.join(full)}: make room" if full else ""


PARTS: dict[str, Callable[[], str]] = {
    "static": static,
    "database": database,
    "migrations": migrations,
    "cache": caching,
    "schedules": schedules,
    "tasks": tasks,
    "mail": mail,
    "worker": worker,
    "disk": disk,
}
STOPPING = {"static", "database", "migrations", "cache"}  # no form is taken without the cache: it counts them
# They read tables, so they are skipped while those are missing.
READING = {"migrations", "cache", "schedules", "tasks", "mail", "worker"}


class Look:
    """At all parts, in a thread of its own: a database that hangs hangs nobody else."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.part = ""
        self.begun = monotonic()
        self.over = Event()

    def run(self) -> None:
        try:
            for self.part, check in PARTS.items():
                if self.part not in READING or not any(finding.stops for finding in self.findings):
                    self.findings.append(Finding(self.part, _problem(check)))
        finally:
            try:
                connection.close()
            finally:
                self.over.set()

    def found(self) -> list[Finding]:
        """When it is over, or when it takes too long."""
        patience = settings.PROBE_PATIENCE
        if self.over.wait(max(0, self.begun + patience - monotonic())):
            return self.findings
        return [*self.findings, Finding(self.part, f"does not answer within {patience} s")]

    @property
    def is_fresh(self) -> bool:
        return monotonic() - self.begun < (settings.PROBE_FRESH if self.over.is_set() else GIVEN_UP)


_lock = Lock()
_newest: Look | None = None
_known_problems: list[str] = []


def look() -> list[Finding]:
    """Every part, with its problem if it has one. At most one look at a time, however many ask."""
    global _newest  # noqa: PLW0603 -- one for all threads of this process
    with _lock:
        if _newest is None or not _newest.is_fresh:
            _newest = Look()
            Thread(target=_newest.run, name="look", daemon=True).start()
        newest = _newest
    found = newest.found()
    _log(found)
    return found


def status(found: list[Finding]) -> str:
    if any(finding.stops for finding in found):
        return "not ready"
    return "degraded" if any(finding.problem for finding in found) else "ready"


def _log(found: list[Finding]) -> None:
    """Once for each change: probes come every few seconds."""
    global _known_problems
    problems = [finding for finding in found if finding.problem]
    with _lock:
        before, _known_problems = _known_problems, [finding.part for finding in problems]
        changed = before != _known_problems
    if not changed:
        return
    if not problems:
        logger.info("Ready again.")
    for finding in problems:
        words = "Not ready" if finding.stops else "Degraded"
        logger.error("%s: %s: %s.", words, finding.part, finding.problem.rstrip("."))


def _problem(check: Callable[[], str]) -> str:
    try:
        return check()
    except DatabaseError as error:
        return f"{reason(error)}: is the database up to date (`python manage.py release`), and does its log say more?"
    except QueueUnavailableError as error:
        return str(error)
    except OSError as error:  # of a disk
        return f"{error.strerror}: is it mounted, and may this user read it?"
    except Exception as error:  # a probe answers, whatever a part of it runs into
        logger.exception("A part could not be looked at.")
        return f"{type(error).__name__}: the log says where"


@functools.cache
def _migrations() -> set[tuple[str, str]]:
    """Those of this version: it takes long to read them all."""
    return set(MigrationLoader(None).graph.nodes)


def _minutes(time: timedelta) -> str:
    return f"{time // timedelta(minutes=1)} minutes"
