"""What can go wrong between two versions."""

import subprocess
import time

from config.env import BASE_DIR
from tests.faults.conftest import Trial
from tests.foodmood.processes import PYTHON, Site

RELEASE = [*PYTHON, "release", "--verbosity=0"]


def test_a_migration_that_fails_half_way_leaves_nothing_and_the_version_before_serves_on(trial: Trial) -> None:
    next_version = trial.site.environment | {"DJANGO_SETTINGS_MODULE": "tests.faults.half_way.settings"}
    with trial.site.web() as address, trial.writing(address) as writers:
        failed = released(next_version)
        told = time.monotonic()
        assert failed.returncode != 0
        assert "what nobody had thought of" in failed.stderr
        assert tables(trial) == {"half_way_before"}
        writers.go_on()
        mended = released(next_version | {"MENDED": "1"})
        assert mended.returncode == 0, mended.stderr
        assert tables(trial) == {"half_way_before", "half_way_half"}
        writers.go_on()
    trial.whole("A migration fails half way, and is mended", writers, told)
    assert not writers.seen, writers.last_error


def test_releases_at_one_moment_all_succeed_and_do_it_once(trial: Trial) -> None:
    name = f"{trial.database}_new"
    trial.server.query(f"CREATE DATABASE {name}")
    site = Site(trial.site.folder, trial.site.environment | {"DATABASE_URL": trial.server.url(name)})
    releases = [
        subprocess.Popen(RELEASE, cwd=BASE_DIR, env=site.environment, stderr=subprocess.PIPE, text=True)  # noqa: S603 -- our own command
        for _ in range(3)
    ]
    said = [release.communicate(timeout=120)[1] for release in releases]
    assert [release.returncode for release in releases] == [0, 0, 0], said
    applied = trial.server.query("SELECT app, name FROM django_migrations", name)
    assert len(applied) == len(set(applied))
    schedules = trial.server.query("SELECT name FROM django_q_schedule", name)
    assert len(schedules) == len(set(schedules)) > 0
    assert site.manage("migrate", "--check", "--verbosity=0") == ""


def released(environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 -- our own command
        RELEASE, cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def tables(trial: Trial) -> set[str]:
    rows = trial.server.query("SELECT tablename FROM pg_tables WHERE tablename LIKE 'half_way_%'", trial.database)
    return {name for (name,) in rows}
