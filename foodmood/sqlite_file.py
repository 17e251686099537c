"""Keep SQLite's files readable and writable by their owner alone, whatever the umask."""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

PRIVATE = 0o600
OTHERS = 0o077


class PrivateConnection(sqlite3.Connection):
    """A connection that creates its file as private, and makes an older file private. SQLite gives -wal and -shm files
    the permissions of the database.
    """

    def __init__(self, database: Any, *args: Any, **kwargs: Any) -> None:
        if not str(database).startswith(("file:", ":memory:")):
            with suppress(OSError):  # SQLite itself reports a folder that is missing or read-only
                _make_private(Path(database))
        super().__init__(database, *args, **kwargs)


def _make_private(path: Path) -> None:
    """By path: to close a second descriptor of the file would release the locks that this process holds on it."""
    with suppress(FileExistsError):
        path.touch(mode=PRIVATE, exist_ok=False)
    for file in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        with suppress(FileNotFoundError):
            status = file.stat()
            if status.st_mode & OTHERS and os.geteuid() in {status.st_uid, 0}:
                file.chmod(PRIVATE)
