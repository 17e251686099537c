import json
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from apps.accounts.models import User
from apps.meals.models import Meal, Portion
from config.env import BASE_DIR
from foodmood.backups import shelf
from foodmood.backups.databases import live
from foodmood.backups.manifest import stamp
from foodmood.backups.models import BackupRun, last_backup
from foodmood.backups.retention import Plan
from tests.factories import MealFactory, PortionFactory
from tests.foodmood.backups.hands import contents, inside, taken
from tests.foodmood.processes import new_site, until

pytestmark = pytest.mark.django_db(transaction=True)

KEY = "a long sentence that nobody else would think of"
POSTGRESQL_ONLY = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is dumped without a tool.")


@pytest.mark.parametrize("key", ["", KEY])
def test_a_backup_taken_while_others_write_restores_as_one_moment(
    key: str, alice: User, shelf_folder: Path, side: str, settings: Settings
) -> None:
    settings.BACKUP_KEY = key
    MealFactory.create_batch(200, owner=alice, notes="x" * 2000)
    written, done = [0, 0], threading.Event()

    def write(number: int) -> None:
        try:
            while not done.is_set():
                PortionFactory.create(meal__owner=alice, edible__owner=alice)
                written[number] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=[number]) for number in range(2)]
    for thread in threads:
        thread.start()
    try:
        until(lambda: min(written) > 2, "both to write")
        name = taken()
        then = sum(written)
        until(lambda: sum(written) > then, "a write after the backup")
    finally:
        done.set()
        for thread in threads:
            thread.join()
    call_command("restore", name, "--into", side)
    assert contents(side) == shelf.manifest(name).contents
    assert inside(side, Portion.objects.count) < Portion.objects.count()
    assert inside(side, Meal.objects.count) >= 200


def test_it_says_what_is_in_it(alice: User, shelf_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    MealFactory.create_batch(3, owner=alice)
    name = taken()
    manifest = shelf.manifest(name)
    assert manifest.contents.tables["meals_meal"].rows == 3
    assert manifest.contents.migrations["backups"] == "0001_initial"
    assert manifest.size == (shelf_folder / f"{name}.dump").stat().st_size
    assert f"{manifest.contents.rows} rows" in capsys.readouterr().out
    run = last_backup()
    assert run is not None
    assert run.size == manifest.size


def test_nobody_else_on_the_machine_may_read_it(shelf_folder: Path) -> None:
    taken()
    assert {path.stat().st_mode & 0o777 for path in shelf_folder.iterdir()} == {0o600}


def test_an_encrypted_one_shows_nothing(alice: User, shelf_folder: Path, settings: Settings) -> None:
    settings.BACKUP_KEY = KEY
    taken()
    written = b"".join(path.read_bytes() for path in shelf_folder.iterdir())
    assert alice.email.encode() not in written
    assert b"PGDMP" not in written
    assert b"SQLite format" not in written


def test_without_a_place_for_it_the_mend_is_told() -> None:
    with pytest.raises(CommandError, match="set BACKUP_DIR to a folder, or BACKUP_S3_BUCKET"):
        call_command("backup")


def test_a_second_one_at_the_same_time_is_refused(shelf_folder: Path) -> None:
    with live().alone("backup"), pytest.raises(CommandError, match="Another backup of this database is running"):
        call_command("backup")
    run = BackupRun.objects.get()
    assert (run.ok, run.problem[:14], last_backup()) == (False, "Another backup", None)


def test_a_full_disk_leaves_no_half_and_the_older_ones(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    with new_site(tmp_path, BACKUP_DIR=str(folder)) as site:
        site.manage("backup")
        before = sorted(folder.iterdir())
        until(lambda: stamp(datetime.now(UTC)) > before[0].stem, "another second, so that it is another backup")
        # No file may grow over 50 KB, as if there was no room: nor could what was measured be written.
        script = 'unset COVERAGE_PROCESS_CONFIG; ulimit -f 100; exec "$0" manage.py backup'
        done = subprocess.run(  # noqa: S603 -- our own script
            ["/bin/sh", "-c", script, sys.executable],
            cwd=BASE_DIR,
            env=site.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert "older backups are untouched" in done.stderr
        assert "Traceback" not in done.stderr
        assert sorted(folder.iterdir()) == before


def test_nothing_older_goes_before_the_new_one_is_read_again(
    shelf_folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BACKUP_PLAN = Plan(0, 0, 0, timedelta(days=30))
    old = _old(shelf_folder, days=3)

    def damaged(name: str, file: Path) -> None:
        (shelf_folder / f"{name}.dump").write_bytes(file.read_bytes()[:-1] + b"?")

    monkeypatch.setattr(shelf, "put_dump", damaged)
    with pytest.raises(CommandError, match="is damaged"):
        call_command("backup")
    assert shelf.names() == [old]
    monkeypatch.undo()
    assert shelf.names() == [old]
    name = taken()
    assert shelf.names() == [name]


def test_what_was_never_finished_is_no_backup_and_is_swept(shelf_folder: Path) -> None:
    abandoned = shelf_folder / f"{_old(shelf_folder, days=2)}.json"
    abandoned.unlink()
    stranger = shelf_folder / "notes.dump"
    stranger.write_text("somebody's own")
    name = taken()
    assert {path.name for path in shelf_folder.iterdir()} == {f"{name}.dump", f"{name}.json", "notes.dump"}


def test_the_list_names_each_and_what_is_wrong_with_it(shelf_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("backups")
    assert "There is no backup" in capsys.readouterr().out
    old = _old(shelf_folder, days=1)
    (shelf_folder / f"{old}.json").write_text("{}")
    call_command("backups")
    assert f"{old}  Its manifest is damaged" in capsys.readouterr().out


@POSTGRESQL_ONLY
@pytest.mark.parametrize(
    ("script", "mend"),
    [
        (None, "pg_dump is not on the PATH: install PostgreSQL's client tools"),
        ("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'", "an older one can't dump it. Install postgresql-client-1"),
    ],
)
def test_a_tool_that_can_not_do_it_is_told(
    script: str | None, mend: str, shelf_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if script:
        (tmp_path / "pg_dump").write_text(script)
        (tmp_path / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CommandError, match=mend):
        call_command("backup")
    assert list(shelf_folder.iterdir()) == []


@POSTGRESQL_ONLY
def test_the_password_is_on_no_command_line(
    shelf_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen"
    (tmp_path / "pg_dump").write_text(f'#!/bin/sh\necho "$@" >> {seen}\nPATH=$REAL exec pg_dump "$@"')
    (tmp_path / "pg_dump").chmod(0o755)
    monkeypatch.setenv("REAL", os.environ["PATH"])
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    taken()
    password = connection.settings_dict["PASSWORD"]
    assert "passfile=" in seen.read_text()
    assert f"password={password}" not in seen.read_text()
    assert f":{password}@" not in seen.read_text()


def _old(folder: Path, days: int) -> str:
    """A backup of some days ago, by its name and manifest."""
    name = taken()
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(days=days)
    manifest = shelf.manifest(name)
    old = at.strftime("%Y%m%dT%H%M%SZ")
    (folder / f"{name}.dump").rename(folder / f"{old}.dump")
    (folder / f"{name}.json").rename(folder / f"{old}.json")
    assert json.loads((folder / f"{old}.json").read_text())["size"] == manifest.size
    return old
