import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from apps.accounts.actions import delete_account
from apps.accounts.models import User
from apps.meals.models import Meal
from foodmood.backups import BackupError, restoring, shelf
from foodmood.backups.databases import live, within
from foodmood.backups.manifest import Manifest
from foodmood.backups.postgresql import PostgreSQL
from foodmood.backups.taking import open_dump
from tests.at_once import at_once
from tests.factories import MealFactory
from tests.foodmood.backups.hands import contents, flip, inside, taken
from tests.foodmood.backups.test_backup import KEY

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["", KEY], ids=["plain", "encrypted"])
def backup(request: pytest.FixtureRequest, alice: User, shelf_folder: Path, settings: Settings) -> str:
    settings.BACKUP_KEY = request.param
    MealFactory.create_batch(5, owner=alice)
    return taken()


@pytest.mark.parametrize("place", [0, 0.01, 0.3, 0.5, 0.77, 0.999, 1])
def test_a_flipped_bit_is_found_before_anything_is_touched(
    place: float, backup: str, shelf_folder: Path, side: str
) -> None:
    flip(shelf_folder / f"{backup}.dump", place)
    with pytest.raises(CommandError, match="is damaged"):
        call_command("restore", "latest", "--into", side)
    assert live().called(side).state() == "missing"


@pytest.mark.parametrize("place", [0, 0.2, 0.5, 0.8, 0.98])
def test_a_damaged_manifest_is_refused(place: float, backup: str, shelf_folder: Path, side: str) -> None:
    flip(shelf_folder / f"{backup}.json", place)
    with pytest.raises(CommandError, match="can't be used"):
        call_command("restore", "latest", "--into", side)
    assert live().called(side).state() == "missing"


def test_a_file_cut_off_is_refused(backup: str, shelf_folder: Path, side: str) -> None:
    file = shelf_folder / f"{backup}.dump"
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(CommandError, match="is damaged"):
        call_command("restore", "latest", "--into", side)
    assert live().called(side).state() == "missing"


def test_another_key_or_none_is_told(alice: User, shelf_folder: Path, side: str, settings: Settings) -> None:
    settings.BACKUP_KEY = KEY
    taken()
    for key, mend in ((KEY[::-1], "BACKUP_KEY is not the one"), ("", "set BACKUP_KEY to the key")):
        settings.BACKUP_KEY = key
        with pytest.raises(CommandError, match=mend):
            call_command("restore", "latest", "--into", side)


def test_with_a_key_nobody_slips_in_one_that_was_made_without(
    alice: User, shelf_folder: Path, side: str, settings: Settings
) -> None:
    settings.BACKUP_KEY = ""
    taken()
    settings.BACKUP_KEY = KEY
    with pytest.raises(CommandError, match="not encrypted, though BACKUP_KEY is set"):
        call_command("restore", "latest", "--into", side)


def test_what_is_not_empty_is_not_touched(backup: str, side: str, alice: User) -> None:
    before = live().contents()
    with pytest.raises(CommandError, match="is not empty, and nothing was touched"):
        call_command("restore", backup)
    assert live().contents() == before


def test_told_to_it_takes_the_place_and_what_was_there_is_kept(
    backup: str, side: str, alice: User, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("restore", backup, "--into", side)
    inside(side, lambda: Meal.objects.all().delete()[0])
    after = contents(side)
    call_command("restore", backup, "--into", side, "--replace")
    assert contents(side) == shelf.manifest(backup).contents
    aside = live().called(side).left_over("before_")
    assert [each.contents() for each in aside] == [after]
    assert aside[0].name in capsys.readouterr().out


def test_accounts_that_were_deleted_since_are_named_and_can_go_again(
    backup: str, side: str, alice: User, bob: User, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("restore", backup, "--into", side)
    inside(side, lambda: delete_account(User.objects.get(pk=alice.pk)))
    call_command("restore", backup, "--into", side, "--replace")
    assert f"manage.py delete_account --numbers {alice.pk}\n" in capsys.readouterr().out
    call_command("delete_account", "--numbers", str(alice.pk), "999999999")
    assert [user.pk for user in User.objects.all()] == [bob.pk]
    assert "Deleted: 1 account(s) with their diaries; 1 not there." in capsys.readouterr().out


def test_what_is_in_use_is_not_replaced(backup: str, side: str) -> None:
    call_command("restore", backup, "--into", side)
    before, place = contents(side), live().called(side)

    def a_session_goes_on() -> None:
        assert Meal.objects.exists()
        (refusal,) = at_once([lambda: restoring.restore(backup, place, replace=True)])
        assert isinstance(refusal, BackupError)
        assert "stop web and worker" in str(refusal)

    within(place, a_session_goes_on)
    assert contents(side) == before


@pytest.mark.parametrize("fails", ["load", "compare"])
def test_one_that_fails_half_way_leaves_the_target_as_it_was(
    fails: str, backup: str, side: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_command("restore", backup, "--into", side)
    inside(side, lambda: Meal.objects.all().delete()[0])
    before = contents(side)
    if fails == "load":
        whole = open_dump

        def half(file: Path, manifest: Manifest) -> Iterator[bytes]:
            dump = b"".join(whole(file, manifest))
            yield dump[: len(dump) * 2 // 3]

        monkeypatch.setattr(restoring, "open_dump", half)
    else:
        monkeypatch.setattr(restoring, "differences", lambda *_: ["meals_meal: 4 row(s), 5 in the backup"])
    with pytest.raises(CommandError):
        call_command("restore", backup, "--into", side, "--replace")
    assert contents(side) == before
    assert live().called(side).left_over("restoring_") == live().called(side).left_over("before_") == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="An empty file is none to SQLite.")
def test_an_empty_database_takes_all_or_nothing(backup: str, side: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a host hands them out, where nobody may create one."""
    live().called(side).create()
    monkeypatch.setattr(PostgreSQL, "create", None)  # so here
    whole = open_dump

    def half(file: Path, manifest: Manifest) -> Iterator[bytes]:
        dump = b"".join(whole(file, manifest))
        yield dump[: len(dump) * 9 // 10]

    with monkeypatch.context() as patch:
        patch.setattr(restoring, "open_dump", half)
        with pytest.raises(CommandError, match="pg_restore failed"):
            call_command("restore", backup, "--into", side)
    assert live().called(side).state() == "empty"
    call_command("restore", backup, "--into", side)
    assert contents(side) == shelf.manifest(backup).contents


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL looks after its own files.")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # as below
def test_a_database_too_damaged_to_open_is_replaced(backup: str, side: str) -> None:
    call_command("restore", backup, "--into", side)
    file = Path(live().called(side).name)
    file.write_bytes(b"?" * 100_000)
    call_command("restore", backup, "--into", side, "--replace")
    assert contents(side) == shelf.manifest(backup).contents
    gc.collect()  # Django closes no connection that it could not set up: it is collected, and Python 3.13 warns of that


def test_a_backup_of_another_kind_of_database_is_refused(backup: str, tmp_path: Path) -> None:
    other = "postgres://nobody@127.0.0.1:1/x" if connection.vendor == "sqlite" else f"sqlite:///{tmp_path}/x.sqlite3"
    with pytest.raises(CommandError, match=f"The backup {backup} is of "):
        call_command("restore", backup, "--into", other)


@pytest.mark.parametrize(("name", "mend"), [("20200101T000000Z", "manage.py backups lists"), ("../x", "There is no")])
def test_a_name_that_is_none_is_told(name: str, mend: str, backup: str) -> None:
    with pytest.raises(CommandError, match=mend):
        call_command("restore", name)
