"""`manage.py migrate` alone, which is what people who know Django type, completes the database."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django_q.models import Schedule
from pytest_django import Settings

from config.env import BASE_DIR
from foodmood.after_migrate import complete_database
from tests.config.test_gunicorn import ENVIRONMENT, get, gunicorn
from tests.delivery.browser import Browser
from tests.foodmood.processes import until

TABLE = "cache_for_a_test"


@pytest.fixture
def database_cache(settings: Settings, transactional_db: None) -> Iterator[None]:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": TABLE}}
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")


@pytest.mark.usefixtures("database_cache")
def test_migrate_creates_the_cache_table() -> None:
    for _ in range(2):  # a second time changes nothing
        call_command("migrate", verbosity=0)
        caches["default"].set("key", "value")
    assert caches["default"].get("key") == "value"


@pytest.mark.django_db
def test_migrate_adds_missing_schedules() -> None:
    Schedule.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert set(Schedule.objects.values_list("name", flat=True)) == site.SCHEDULES.keys()


@pytest.mark.django_db
def test_incomplete_database_is_left_alone(settings: Settings) -> None:
    before = Schedule.objects.count()
    settings.SCHEDULES = {}
    MigrationRecorder(connection).record_unapplied("meals", "0001_initial")
    complete_database(using="default", verbosity=0)
    assert Schedule.objects.count() == before > 0


def test_site_takes_forms_after_migrate_alone(tmp_path: Path) -> None:
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3", "TRUSTED_PROXY_COUNT": "1"}
    subprocess.run([sys.executable, "manage.py", "migrate"], cwd=BASE_DIR, env=ENVIRONMENT | environment, check=True)
    with gunicorn(tmp_path / "log", **environment) as address:
        ready = get(f"{address}/ready/")
        forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
        Browser("food.example.org", int(address.rpartition(":")[2]), headers=forwarded).sign_up("alice@example.org")
        with closing(sqlite3.connect(tmp_path / "site.sqlite3")) as database:
            database.execute("DROP TABLE cache")
        until(lambda: get(f"{address}/ready/")[0] == 503, "/ready/ to notice", seconds=10)
    assert (ready[0], ready[2]) == (200, '{"status": "ready"}')
