"""SQLite, by its own online backup."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from foodmood.backups import BackupError
from foodmood.backups.contents import Contents, Table
from foodmood.backups.sealing import pieces

TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name"
PAGES = 1000  # copied at once; writers get their turn between


@dataclass(frozen=True)
class SQLite:
    path: Path

    engine = "sqlite"

    @property
    def name(self) -> str:
        return str(self.path)

    def called(self, name: str) -> "SQLite":
        return SQLite(self.path.parent / name)

    def beside(self, suffix: str) -> "SQLite":
        return self.called(f"{self.path.name}.{suffix}")

    # --- what it holds

    def version(self) -> str:
        return sqlite3.sqlite_version

    def contents(self) -> Contents:
        with _opened(self.path) as database:
            names = [name.decode() for (name,) in database.execute(TABLES)]
            tables = {name: _table(database, name) for name in names}
            migrations: dict[str, str] = {}
            if "django_migrations" in tables:
                applied = database.execute("SELECT app, max(name) FROM django_migrations GROUP BY app")
                migrations = {app.decode(): name.decode() for app, name in applied}
            return Contents(tables, migrations)

    def state(self) -> str:
        """Either missing or full: whatever a file holds, it is somebody's."""
        return "full" if self.path.exists() and self.path.stat().st_size else "missing"

    # --- out

    @contextmanager
    def alone(self, purpose: str) -> Iterator[None]:
        """Whoever comes second is refused; a lock ends with its process."""
        # A file of its own: to close the database's would end the locks that SQLite has on it.
        with self.beside(f"{purpose}-lock").path.open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BackupError(f"Another {purpose} of this database is running: wait for it to end.") from None
            yield

    @contextmanager
    def dumped(self, folder: Path) -> Iterator[tuple[Contents, Iterator[bytes]]]:
        """What it holds, and a copy of just that: it is the copy that is counted."""
        copy = SQLite(folder / "copy.sqlite3")
        with _opened(self.path) as source, closing(sqlite3.connect(copy.path)) as target:
            source.execute("BEGIN")  # one moment: else each page written meanwhile would start the copy anew
            source.execute("SELECT 1 FROM sqlite_master").fetchone()
            try:
                source.backup(target, pages=PAGES)
                target.execute("PRAGMA journal_mode=DELETE")  # one file, not three
            except sqlite3.Error as error:
                raise BackupError(
                    f"SQLite can't copy {self.path} to {folder.parent}: {error}. Is there room? The"
                    " older backups are untouched."
                ) from None
        with copy.path.open("rb") as file:
            yield copy.contents(), pieces(file)
        copy.drop()

    # --- in

    def check(self, dump: Iterator[bytes], folder: Path) -> None:
        """Read a dump from end to end, and touch nothing."""
        copy = SQLite(folder / "check.sqlite3")
        copy.load(dump, folder)
        copy.drop()

    def create(self) -> None:
        """A file is made when it is written."""

    def load(self, dump: Iterator[bytes], folder: Path) -> None:
        self.path.touch(mode=0o600, exist_ok=False)
        with self.path.open("wb") as file:
            for piece in dump:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        with _opened(self.path) as database:
            problems = [line.decode() for (line,) in database.execute("PRAGMA integrity_check")]
        if problems != ["ok"]:
            raise BackupError(f"SQLite finds the copy damaged: {problems[0]}.")

    def swap(self, new: str, aside: str) -> None:
        """`new` becomes this one at one moment, and this one `aside` if it is there."""
        if self.path.exists():
            os.link(self.path, aside)
        for ending in ("-wal", "-shm"):  # of a file that is too damaged to take them in
            with suppress(FileNotFoundError):
                Path(f"{self.path}{ending}").rename(f"{aside}{ending}")
        Path(new).rename(self.path)

    def refuse_in_use(self) -> None:
        """Take in what is written beside the file, which SQLite allows to the last one who has it open only."""
        try:
            with closing(sqlite3.connect(self.path, timeout=1)) as database:
                database.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise BackupError(
                    f"{self.path} is in use: stop web and worker; what they would write now would be lost."
                ) from None
        except sqlite3.DatabaseError:
            pass  # it is damaged, which may be why it is replaced

    def drop(self) -> None:
        for ending in ("", "-wal", "-shm", "-journal"):
            Path(f"{self.path}{ending}").unlink(missing_ok=True)

    def left_over(self, infix: str) -> "list[SQLite]":
        """Files that an earlier process made beside this one and could not delete."""
        endings = ("-wal", "-shm", "-journal", "-lock")
        found = self.path.parent.glob(f"{self.path.name}.{infix}*")
        return [SQLite(path) for path in found if not path.name.endswith(endings)]


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """To look only. Texts stay bytes: what is compared is what is there."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=60)) as database:
            database.isolation_level = None
            database.text_factory = bytes
            yield database
    except sqlite3.Error as error:
        raise BackupError(f"SQLite can't read {path}: {error}.") from None


def _table(database: sqlite3.Connection, name: str) -> Table:
    rows = total = 0
    for row in database.execute('SELECT * FROM "{}"'.format(name.replace('"', '""'))):  # noqa: S608 -- its name
        rows += 1
        total += int.from_bytes(blake2b(repr(row).encode(), digest_size=8).digest(), "big")
    return Table(rows, str(total))
