"""What the metrics tell that no process counted: how things stand, read from the database when Prometheus asks."""

import math
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from platform import python_version
from threading import Lock
from time import monotonic

import django
from django.conf import settings
from django.db import DatabaseError
from django.db.models import Max
from django.utils import timezone
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from foodmood import readiness
from foodmood.audit.models import Event, SecurityEvent
from foodmood.backups.models import BackupRun, last_backup, last_drill
from foodmood.mail.models import QueuedMail
from foodmood.tasks.brokers import QueueUnavailableError
from foodmood.tasks.models import SetAside
from foodmood.telemetry import backlog
from foodmood.telemetry.models import Happening, Heartbeat, Tally

MOST = 10_000  # rows that are counted: it is asked for also while a queue is at its longest
HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)
RESULTS = {"sent": Happening.MAIL_SENT, "failed": Happening.MAIL_FAILED, "set_aside": Happening.MAIL_SET_ASIDE}
NEVER = math.inf  # seconds ago, so that a backup that was never made is too old


class State(Collector):
    """Kept for a few seconds: however many ask, the database hardly notices."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: list[Metric] = []
        self._kept_at = -math.inf

    def collect(self) -> Iterator[Metric]:
        with self._lock:
            if monotonic() - self._kept_at >= settings.PROBE_FRESH:
                self._kept = list(_state())
                self._kept_at = monotonic()
            yield from self._kept


def _state() -> Iterator[Metric]:
    info = GaugeMetricFamily("foodmood_info", "What is running.", labels=["django", "python"])
    info.add_metric([django.__version__, python_version()], 1)
    yield info
    found = readiness.look()
    status = readiness.status(found)
    yield GaugeMetricFamily("foodmood_ready", "1 if requests can be served, else 0.", float(status != "not ready"))
    parts = {finding.part: float(not finding.problem) for finding in found}
    yield _gauges("foodmood_part_well", "1 if this part of /ready/ is well, else 0.", "part", parts)
    yield from _disks()
    if status == "not ready":
        return  # the database would be asked in vain, and Prometheus would wait
    try:
        yield from [*_queues(), *_workers(), *_security(), *_mails(), *_backups()]
    except DatabaseError:
        return  # it went just now: the next scrape tells


def _disks() -> Iterator[Metric]:
    rooms = {name: shutil.disk_usage(folder) for name, folder in settings.DISKS.items() if folder.is_dir()}
    shares = {name: room.free / room.total for name, room in rooms.items()}
    yield _gauges("foodmood_disk_free_ratio", "Of each disk that we write to, the share that is free.", "disk", shares)


def _queues() -> Iterator[Metric]:
    with suppress(QueueUnavailableError):  # /ready/ tells that
        waiting = backlog.tasks_waiting()
        yield GaugeMetricFamily("foodmood_tasks_waiting", "Tasks that wait or are being done.", waiting)
        late = backlog.tasks_late().total_seconds()
        yield GaugeMetricFamily("foodmood_tasks_late_seconds", "For how long the oldest task has been due.", late)
    given_up = SetAside.objects.all()[:MOST].count()
    yield GaugeMetricFamily("foodmood_tasks_given_up", "Tasks that were set aside, for an operator.", given_up)
    mails = QueuedMail.objects.waiting()[:MOST].count()
    yield GaugeMetricFamily("foodmood_mails_waiting", "Mails that wait to be sent.", mails)
    oldest = backlog.mail_oldest().total_seconds()
    yield GaugeMetricFamily("foodmood_mail_oldest_seconds", "For how long the oldest mail has been waiting.", oldest)
    aside = QueuedMail.objects.set_aside()[:MOST].count()
    yield GaugeMetricFamily("foodmood_mails_set_aside", "Mails that nobody took, kept for an operator.", aside)


def _workers() -> Iterator[Metric]:
    yield GaugeMetricFamily("foodmood_workers", "Workers that live.", Heartbeat.objects.alive().count())
    newest = Heartbeat.objects.aggregate(at=Max("at"))["at"]
    yield GaugeMetricFamily("foodmood_worker_heartbeat_seconds", "Since a worker last showed itself.", _ago(newest))


def _security() -> Iterator[Metric]:
    """Of the last hour, which an index finds; the trail itself is long."""
    recent = SecurityEvent.objects.filter(at__gt=timezone.now() - HOUR)
    counts = {str(event): recent.filter(event=event)[:MOST].count() for event in (Event.LOGIN_FAILED, Event.LOCKED_OUT)}
    yield _gauges("foodmood_security_events_last_hour", "Security events of the last hour.", "event", counts)


def _mails() -> Iterator[Metric]:
    noted = dict(Tally.objects.values_list("what", "count"))
    family = CounterMetricFamily("foodmood_mails", "What became of mails, each time one was tried.", labels=["result"])
    for result, what in RESULTS.items():
        family.add_metric([result], noted.get(what, 0))
    yield family


def _backups() -> Iterator[Metric]:
    week = BackupRun.objects.filter(finished_at__gt=timezone.now() - WEEK)
    runs = GaugeMetricFamily(
        "foodmood_backup_runs_last_week", "Backups and drills of the last seven days.", labels=["kind", "result"]
    )
    for kind in BackupRun.Kind:
        for result, ok in (("ok", True), ("failed", False)):
            runs.add_metric([kind.value, result], week.filter(kind=kind, ok=ok).count())
    yield runs
    made, drilled, passed = last_backup(), last_drill(), last_drill(ok=True)
    age = _ago(made.finished_at if made else None)
    yield GaugeMetricFamily("foodmood_backup_age_seconds", "Since the last good backup; +Inf: never.", age)
    age = _ago(passed.finished_at if passed else None)
    yield GaugeMetricFamily("foodmood_backup_drill_age_seconds", "Since a drill last passed; +Inf: never.", age)
    failed = float(drilled is not None and not drilled.ok)
    yield GaugeMetricFamily("foodmood_backup_drill_failed", "1 if the last drill failed, else 0.", failed)


def _gauges(name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label])
    for word, value in values.items():
        family.add_metric([word], value)
    return family


def _ago(moment: datetime | None) -> float:
    return backlog.since(moment).total_seconds() if moment else NEVER
