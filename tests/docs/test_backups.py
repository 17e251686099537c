"""What backups and restoring say: docs/troubleshooting.md."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from tests.foodmood.backups.conftest import shelf_folder, side
from tests.foodmood.backups.hands import flip, taken
from tests.foodmood.backups.test_backup import KEY
from tests.services import program

__all__ = ["shelf_folder", "side"]  # pytest finds fixtures by their names here

pytestmark = pytest.mark.django_db(transaction=True)
Guide = Callable[[str], None]


@pytest.fixture
def backup(shelf_folder: Path) -> str:
    if connection.vendor == "postgresql":
        program("pg_dump", "postgresql-client")
    return taken()


def refused(*command: str) -> str:
    with pytest.raises(CommandError) as error:
        call_command(*command)
    return str(error.value)


def test_no_place_for_them(in_the_guide: Guide) -> None:
    in_the_guide(refused("backup"))


def test_none_there(in_the_guide: Guide, shelf_folder: Path) -> None:
    in_the_guide(refused("restore", "latest"))


def test_an_encrypted_one_without_its_key(
    in_the_guide: Guide, shelf_folder: Path, side: str, settings: Settings
) -> None:
    settings.BACKUP_KEY = KEY
    taken()
    settings.BACKUP_KEY = ""
    in_the_guide(refused("restore", "latest", "--into", side))


def test_another_key(in_the_guide: Guide, shelf_folder: Path, side: str, settings: Settings) -> None:
    settings.BACKUP_KEY = KEY
    taken()
    settings.BACKUP_KEY = KEY[::-1]
    in_the_guide(refused("restore", "latest", "--into", side))


def test_a_damaged_one(in_the_guide: Guide, backup: str, shelf_folder: Path, side: str) -> None:
    flip(shelf_folder / f"{backup}.dump", 0.5)
    in_the_guide(refused("restore", backup, "--into", side))


def test_a_database_that_is_not_empty(in_the_guide: Guide, backup: str) -> None:
    in_the_guide(refused("restore", backup))


@pytest.fixture
def _old_tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'")
    (tmp_path / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.usefixtures("_old_tools")
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is copied by Python itself")
def test_tools_that_are_too_old(in_the_guide: Guide, shelf_folder: Path) -> None:
    in_the_guide(refused("backup"))
