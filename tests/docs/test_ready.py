"""What the log says of a site that is not ready, or degraded: docs/troubleshooting.md."""

import shutil
from collections import namedtuple
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ, Schedule
from pytest_django import Settings

from foodmood.mail.models import QueuedMail
from foodmood.telemetry.models import Heartbeat
from tests.foodmood.telemetry.telling import Log, logged

pytestmark = pytest.mark.django_db(transaction=True)  # a look has a connection of its own
Guide = Callable[[str], None]


@pytest.fixture
def log() -> Iterator[Log]:
    with logged() as log:
        yield log


@pytest.fixture
def asked(client: Client, log: Log) -> Callable[[], str]:
    """What the log says once somebody has asked. Said is only what was not so before."""
    client.get("/ready/")

    def ask() -> str:
        client.get("/ready/")
        return log.text

    return ask


def a_task(due: timedelta) -> None:
    OrmQ.objects.create(key="foodmood", payload="", lock=timezone.now() - due)


def test_static_files_that_were_not_collected(
    in_the_guide: Guide, asked: Callable[[], str], settings: Settings
) -> None:
    hashed = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    settings.STATIC_ROOT = "/nowhere"
    settings.STORAGES = settings.STORAGES | {"staticfiles": hashed}
    in_the_guide(asked())


def test_a_migration_that_is_not_applied(in_the_guide: Guide, asked: Callable[[], str]) -> None:
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("meals", "0001_initial")
    try:
        in_the_guide(asked())
    finally:
        recorder.record_applied("meals", "0001_initial")


def test_work_without_a_worker(in_the_guide: Guide, asked: Callable[[], str]) -> None:
    a_task(due=timedelta(seconds=1))
    in_the_guide(asked())


def test_a_task_that_waits(in_the_guide: Guide, asked: Callable[[], str]) -> None:
    Heartbeat.objects.beat(uuid4(), "here")
    a_task(due=timedelta(minutes=11))
    in_the_guide(asked())


def test_a_mail_that_waits(in_the_guide: Guide, asked: Callable[[], str]) -> None:
    Heartbeat.objects.beat(uuid4(), "here")
    QueuedMail.objects.create(message_id="1", message={}, next_try_at=timezone.now() - timedelta(minutes=11))
    in_the_guide(asked())


def test_a_disk_that_is_nearly_full(
    in_the_guide: Guide, asked: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")  # noqa: PYI024 -- as shutil's own
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage(50 * 1024**3, 49 * 1024**3, 100 * 1024**2))
    in_the_guide(asked())


def test_a_cache_without_its_table(in_the_guide: Guide, asked: Callable[[], str], settings: Settings) -> None:
    missing = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "no_such_table"}
    settings.CACHES = {"default": missing}
    in_the_guide(asked())


def test_missing_schedule(in_the_guide: Guide, asked: Callable[[], str]) -> None:
    Schedule.objects.filter(name="purge").delete()
    in_the_guide(asked())
