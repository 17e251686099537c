from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import User
from apps.meals.models import Meal
from foodmood.backups import restoring
from foodmood.backups.databases import live, within
from foodmood.backups.models import last_drill
from tests.factories import MealFactory
from tests.foodmood.backups.hands import flip, taken
from tests.foodmood.processes import new_site, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def backup(alice: User, shelf_folder: Path) -> str:
    MealFactory.create_batch(5, owner=alice)
    return taken()


def test_a_good_backup_passes_and_nothing_is_left(
    backup: str, shelf_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = live().contents()
    call_command("backup_drill")
    assert f"{backup} can be restored" in capsys.readouterr().out
    drill = last_drill()
    assert drill is not None
    assert drill.ok
    assert live().left_over("drill_") == []
    assert sorted(path.name for path in shelf_folder.iterdir()) == [f"{backup}.dump", f"{backup}.json"]
    after = live().contents()
    del before.tables["backups_backuprun"], after.tables["backups_backuprun"]
    assert after == before


def test_damage_is_found(backup: str, shelf_folder: Path) -> None:
    flip(shelf_folder / f"{backup}.dump", 0.6)
    with pytest.raises(CommandError, match="is damaged"):
        call_command("backup_drill")
    drill = last_drill()
    assert drill is not None
    assert (drill.ok, "is damaged" in drill.problem) == (False, True)


def test_rows_that_are_not_what_was_backed_up_are_found(backup: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a tool had restored something else."""
    engine: Any = type(live())
    load = engine.load

    def tampered(place: Any, dump: Iterator[bytes], folder: Path) -> None:
        load(place, dump, folder)
        within(place, lambda: Meal.objects.update(notes="?") and None)

    monkeypatch.setattr(engine, "check", lambda *_: None)
    monkeypatch.setattr(engine, "load", tampered)
    with pytest.raises(CommandError, match=r"meals_meal: as many rows as in the backup \(5\), but not the same"):
        call_command("backup_drill")
    assert live().left_over("drill_") == []


def test_a_backup_that_this_version_can_not_work_with_is_found(backup: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        raise CommandError("a check failed")

    monkeypatch.setattr(restoring, "_bring_up", fails)
    with pytest.raises(CommandError, match="a check failed"):
        call_command("backup_drill")
    assert live().left_over("drill_") == []


def test_what_a_killed_drill_left_goes_with_the_next(backup: str, shelf_folder: Path) -> None:
    left = live().beside("drill_20200101000000")
    call_command("restore", backup, "--into", left.name)
    call_command("backup_drill")
    assert left.state() == "missing"


def test_without_any_backup_it_fails(shelf_folder: Path) -> None:
    with pytest.raises(CommandError, match="There is no backup in the folder"):
        call_command("backup_drill")


def test_the_worker_starts_both_in_processes_of_their_own(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    runs = "SELECT kind, ok FROM backups_backuprun"
    with new_site(tmp_path, BACKUP_DIR=str(folder)) as site, site.worker():
        site.minutes_pass()
        until(lambda: ("backup", True) in site.rows(runs), "a backup")
        site.minutes_pass()
        until(lambda: ("drill", True) in site.rows(runs), "a good drill")
