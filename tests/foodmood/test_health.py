import logging
import shutil
from collections import namedtuple
from collections.abc import Iterator
from datetime import timedelta
from threading import Event
from uuid import uuid4

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import OperationalError
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ, Schedule
from pytest_django import Settings

from foodmood import readiness
from foodmood.mail.models import QueuedMail
from foodmood.telemetry.models import Heartbeat

TOKEN = "a-token-for-tests"
WITH_TOKEN = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(autouse=True)
def _monitored(settings: Settings) -> None:
    settings.MONITORING_TOKEN = TOKEN


@pytest.fixture
def site(client: Client, transactional_db: None) -> Client:
    """Probes look with a connection of their own, which sees what is committed only."""
    return client


def task(*, due: timedelta) -> None:
    OrmQ.objects.create(key="foodmood", payload="", lock=timezone.now() - due)


def parts(site: Client) -> dict[str, str]:
    found: dict[str, str] = site.get("/ready/", headers=WITH_TOKEN).json()["parts"]
    return found


def unwell(site: Client) -> set[str]:
    return {part for part, problem in parts(site).items() if problem != "ok"}


def test_a_probe_needs_no_known_host_no_https_and_no_database(client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/health/", headers={"host": "10.0.0.7"})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_it_is_ready_when_the_database_is_up_to_date(site: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = site.get("/ready/", headers={"host": "10.0.0.7"})
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


def test_it_is_not_ready_while_a_migration_is_not_applied(site: Client) -> None:
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("meals", "0001_initial")
    try:
        answer = site.get("/ready/")
        assert (answer.status_code, answer.json()) == (503, {"status": "not ready"})
        assert "manage.py release" in parts(site)["migrations"]
    finally:
        recorder.record_applied("meals", "0001_initial")


def test_it_is_not_ready_without_its_database_and_tells_strangers_no_more(
    site: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*args: object) -> None:
        raise OperationalError('connection to server at "10.1.2.3" failed: Connection refused\nIs it running?')

    site.get("/ready/")
    with monkeypatch.context() as broken:
        broken.setattr(BaseDatabaseWrapper, "cursor", refuse)
        answer = site.get("/ready/")
        assert (answer.status_code, answer.json()) == (503, {"status": "not ready"})
        assert "Connection refused. Check DATABASE_URL" in parts(site)["database"]
    assert "Connection refused" in caplog.text


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer ümläut"])
def test_who_does_not_know_the_token_learns_the_status_only(site: Client, sent: str) -> None:
    assert site.get("/ready/", headers={"Authorization": sent}).json() == {"status": "ready"}


def test_without_a_token_nobody_learns_more(site: Client, settings: Settings) -> None:
    settings.MONITORING_TOKEN = None
    for sent in ("Bearer None", "Bearer "):
        assert site.get("/ready/", headers={"Authorization": sent}).json() == {"status": "ready"}


def test_who_knows_the_token_learns_every_part(site: Client) -> None:
    assert parts(site) == dict.fromkeys(
        ["static", "database", "migrations", "cache", "schedules", "tasks", "mail", "worker", "disk"], "ok"
    )


def test_it_is_degraded_and_serves_while_work_waits_without_a_worker(site: Client) -> None:
    task(due=timedelta(seconds=1))
    answer = site.get("/ready/")
    assert (answer.status_code, answer.json()) == (200, {"status": "degraded"})
    assert unwell(site) == {"worker"}
    Heartbeat.objects.beat(uuid4(), "here")
    assert unwell(site) == set()


def test_a_worker_that_was_not_seen_for_long_lives_no_more(site: Client) -> None:
    task(due=timedelta(seconds=1))
    Heartbeat.objects.create(worker=uuid4(), host="here", at=timezone.now() - timedelta(minutes=2))
    assert unwell(site) == {"worker"}


def test_it_is_degraded_when_a_task_has_been_due_for_long(site: Client) -> None:
    Heartbeat.objects.beat(uuid4(), "here")
    task(due=timedelta(minutes=11, seconds=5))
    assert "11 minutes" in parts(site)["tasks"]


def test_it_is_degraded_when_nobody_tries_a_mail(site: Client) -> None:
    Heartbeat.objects.beat(uuid4(), "here")
    QueuedMail.objects.create(message_id="1", message={}, next_try_at=timezone.now() - timedelta(minutes=11))
    assert unwell(site) == {"mail"}


def test_it_is_degraded_when_a_disk_is_nearly_full(site: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")  # noqa: PYI024 -- as shutil's own
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage(50 * 1024**3, 49 * 1024**3, 100 * 1024**2))
    assert "100 MB are free" in parts(site)["disk"]
    assert site.get("/ready/").status_code == 200


def test_a_large_disk_with_little_left_has_room_enough(site: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")  # noqa: PYI024 -- as above
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage(4000 * 1024**3, 3980 * 1024**3, 20 * 1024**3))
    assert unwell(site) == set()


def test_missing_cache_table_is_not_ready(site: Client, settings: Settings) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "no_such_table"}
    }
    assert unwell(site) == {"cache"}
    assert site.get("/ready/").status_code == 503


def test_missing_schedules_make_it_degraded(site: Client) -> None:
    Schedule.objects.filter(name="reminders").delete()
    answer = site.get("/ready/")
    assert (answer.status_code, answer.json()) == (200, {"status": "degraded"})
    assert "no worker is told of reminders: run `python manage.py release`" in parts(site)["schedules"]


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """The database does not answer, until this is set. It is over when the test is."""
    awake, gone = Event(), Event()

    def hang() -> str:
        awake.wait()
        gone.set()
        return ""

    monkeypatch.setitem(readiness.PARTS, "database", hang)
    yield awake
    awake.set()
    gone.wait()


def test_a_database_that_hangs_does_not_hang_the_probe(site: Client, settings: Settings, hanging: Event) -> None:
    settings.PROBE_PATIENCE = 0.05
    assert site.get("/ready/").status_code == 503
    assert parts(site)["database"] == "does not answer within 0.05 s"
    settings.PROBE_PATIENCE = 60
    hanging.set()
    assert site.get("/ready/").status_code == 200


def test_the_log_tells_what_is_wrong_once_and_when_it_is_over(
    site: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    site.get("/ready/")
    caplog.clear()
    with monkeypatch.context() as broken:
        broken.setitem(readiness.PARTS, "database", lambda: "it is down")
        for _ in range(3):
            assert site.get("/ready/").status_code == 503
    for _ in range(3):
        site.get("/ready/")
    told = [record.getMessage() for record in caplog.records if record.levelno >= logging.INFO]
    assert told == ["Not ready: database: it is down.", "Ready again."]


def test_many_probes_are_one_look(site: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []

    def static() -> str:
        looks.append(1)
        return ""

    monkeypatch.setitem(readiness.PARTS, "static", static)
    site.get("/ready/")
    settings.PROBE_FRESH = 3600
    for _ in range(5):
        site.get("/ready/")
    assert len(looks) == 1


def test_a_probe_is_never_cached(site: Client) -> None:
    assert site.get("/ready/").headers["Cache-Control"] == "no-store"
