"""SQLite's files hold every diary: nobody else on the machine may read them."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from config.env import BASE_DIR
from foodmood.sqlite_file import PrivateConnection
from tests.inherited import inherited


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def manage(path: Path, *arguments: str) -> None:
    environment = inherited() | {"DJANGO_ENV": "dev", "DATABASE_URL": f"sqlite:///{path}"}
    command = [sys.executable, "manage.py", *arguments, "--verbosity=0"]
    subprocess.run(command, cwd=BASE_DIR, env=environment, check=True, capture_output=True, umask=0)  # noqa: S603 -- our own


def test_migrate_creates_private_files(tmp_path: Path) -> None:
    path = tmp_path / "diary.sqlite3"
    manage(path, "migrate")
    assert mode(path) == 0o600


def test_an_older_file_becomes_private(tmp_path: Path) -> None:
    path = tmp_path / "diary.sqlite3"
    path.touch()
    path.chmod(0o644)
    manage(path, "shell", "--command", "from django.db import connection; connection.ensure_connection()")
    assert mode(path) == 0o600


@pytest.mark.parametrize("ending", ["", "-wal", "-shm"])
def test_files_beside_it_are_private(tmp_path: Path, ending: str) -> None:
    path = tmp_path / "diary.sqlite3"
    before = os.umask(0)
    try:
        with sqlite3.connect(path, factory=PrivateConnection) as database:
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("CREATE TABLE meals (id)")
            assert mode(Path(f"{path}{ending}")) == 0o600
    finally:
        os.umask(before)
        database.close()


def test_a_missing_folder_is_left_to_sqlite(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        sqlite3.connect(tmp_path / "no" / "diary.sqlite3", factory=PrivateConnection)
