"""PostgreSQL, by its own tools: pg_dump and pg_restore."""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo

from foodmood.backups import BackupError
from foodmood.backups.contents import Contents, Table
from foodmood.backups.sealing import pieces

Connection = psycopg.Connection[tuple[Any, ...]]
LOCK = 0x464F4F44  # advisory; the same for every FoodMood, and each database has its own locks
KEYWORDS = {option.keyword.decode() for option in Conninfo.get_defaults()}

# A row as text looks the same in every session, and nothing cuts a long dump short: whatever the role or host set.
SESSION = """
SELECT set_config(name, value, false) FROM (VALUES
    ('TimeZone', 'UTC'), ('DateStyle', 'ISO, YMD'), ('IntervalStyle', 'postgres'), ('bytea_output', 'hex'),
    ('extra_float_digits', '1'), ('statement_timeout', '0'), ('lock_timeout', '0'), ('idle_session_timeout', '0'),
    ('idle_in_transaction_session_timeout', '0'), ('transaction_timeout', '0')
) AS wanted (name, value) JOIN pg_settings USING (name)
"""
TABLES = """
SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
AND c.relnamespace = 'public'::regnamespace
AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') ORDER BY 1
"""
# md5, because PostgreSQL's own hashes may change with its version.
CHECKSUM = "SELECT count(*), coalesce(sum(('x' || left(md5(t::text), 16))::bit(64)::bigint), 0)::text FROM {} t"


@dataclass(frozen=True)
class PostgreSQL:
    """A database and how to get there: libpq's parameters."""

    parameters: dict[str, Any]

    engine = "postgresql"

    @classmethod
    def of(cls, parameters: dict[str, Any]) -> "PostgreSQL":
        """From what Django would connect with, which is more than libpq knows."""
        return cls({name: value for name, value in parameters.items() if name in KEYWORDS})

    @property
    def name(self) -> str:
        return str(self.parameters["dbname"])

    def called(self, name: str) -> "PostgreSQL":
        return PostgreSQL(self.parameters | {"dbname": name})

    def beside(self, suffix: str) -> "PostgreSQL":
        return self.called(f"{self.name[:40]}_{suffix}")  # PostgreSQL cuts names off after 63

    # --- what it holds

    def version(self) -> str:
        with self._connected() as database:
            return str(_one(database, "SHOW server_version"))

    def contents(self) -> Contents:
        with self._connected() as database, self._at_one_moment(database):
            return _contents(database)

    def state(self) -> str:
        """missing, empty or full."""
        with self._server() as server:
            if not _one(server, "SELECT count(*) FROM pg_database WHERE datname = %s", [self.name]):
                return "missing"
        with self._connected() as database:
            return "full" if database.execute(TABLES).fetchone() else "empty"

    # --- out

    @contextmanager
    def alone(self, purpose: str) -> Iterator[None]:
        """Whoever comes second is refused, on whatever machine; a lock ends with its process."""
        with self._connected() as database:
            if not _one(database, "SELECT pg_try_advisory_lock(%s, hashtext(%s))", [LOCK, purpose]):
                raise BackupError(f"Another {purpose} of this database is running: wait for it to end.")
            yield

    @contextmanager
    def dumped(self, folder: Path) -> Iterator[tuple[Contents, Iterator[bytes]]]:
        """What it holds, and a dump of just that: both look at one snapshot, however much is written meanwhile."""
        with self._connected() as database:
            _refuse_older_client("pg_dump", database.info.server_version // 10_000)
            with self._at_one_moment(database), self._conninfo(folder) as conninfo:
                snapshot = _one(database, "SELECT pg_export_snapshot()")
                contents = _contents(database)
                command = ["pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--dbname={conninfo}"]
                yield contents, _output(command)

    # --- in

    def check(self, dump: Iterator[bytes], folder: Path) -> None:
        """Read a dump from end to end as a restore would, and touch nothing."""
        _feed(["pg_restore", "--file=/dev/null"], dump)

    def create(self) -> None:
        with self._server() as server:
            try:
                server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(self.name)))
            except psycopg.errors.InsufficientPrivilege:
                raise BackupError(
                    f"{self.parameters.get('user', 'This role')} may not create the database {self.name}. Let a"
                    " superuser say ALTER ROLE … CREATEDB, or create an empty one and name it with --into."
                ) from None

    def load(self, dump: Iterator[bytes], folder: Path) -> None:
        """All of it in one transaction, or nothing. Extensions are the server's business: they need a superuser."""
        copy = folder / "dump"
        with copy.open("wb") as file:
            for piece in dump:
                file.write(piece)
        contents = folder / "contents"
        contents.write_text(
            "".join(
                f"{line}\n"
                for line in _run(["pg_restore", "--list", str(copy)]).splitlines()
                if not re.match(r"\d+; \d+ \d+ (EXTENSION|COMMENT - EXTENSION) ", line)
            )
        )
        with self._conninfo(folder) as conninfo:
            _run(
                [
                    *("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"),
                    *(f"--use-list={contents}", f"--dbname={conninfo}", str(copy)),
                ]
            )
        copy.unlink()

    def swap(self, new: str, aside: str) -> None:
        """`new` becomes this one, and this one `aside` if it is there: at one moment, or not at all."""
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        with self._server() as server, server.transaction():
            for old, name in ((self.name, aside), (new, self.name)):
                if _one(server, "SELECT count(*) FROM pg_database WHERE datname = %s", [old]):
                    server.execute(rename.format(sql.Identifier(old), sql.Identifier(name)))

    def refuse_in_use(self) -> None:
        with self._server() as server:
            others = _one(server, "SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [self.name])
        if others:
            raise BackupError(
                f"{others} session(s) use the database {self.name}: stop web and worker, and close every psql; what"
                " they would write now would be lost."
            )

    def drop(self) -> None:
        with self._server() as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.name)))

    def left_over(self, infix: str) -> list["PostgreSQL"]:
        """Databases that an earlier process made beside this one and could not drop."""
        start = self.beside(infix).name
        with self._server() as server:
            found = server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [start])
            return [self.called(name) for (name,) in found]

    # --- how

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        try:
            connection = psycopg.connect(make_conninfo("", **self.parameters), autocommit=True)
        except psycopg.OperationalError as error:
            reason = str(error).strip().partition("\n")[0]
            raise BackupError(f"The PostgreSQL database {self.name} can't be reached: {reason}.") from None
        try:
            with connection:
                connection.execute(SESSION)
                yield connection
        except psycopg.Error as error:  # the first line alone: what follows it may repeat rows
            raise BackupError(f"PostgreSQL refused: {str(error).strip().partition(chr(10))[0]}.") from None

    def _server(self) -> Any:
        """A database that is always there, to ask of the others."""
        return self.called("postgres")._connected()  # noqa: SLF001 -- another of this class

    @contextmanager
    def _at_one_moment(self, database: Connection) -> Iterator[None]:
        with database.transaction():
            database.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield

    @contextmanager
    def _conninfo(self, folder: Path) -> Iterator[str]:
        """For a tool's command line, which every user of the machine can read: the password is in a file."""
        shown = {name: value for name, value in self.parameters.items() if name != "password"}
        password = re.sub(r"([\\:])", r"\\\1", str(self.parameters.get("password", "")))
        descriptor, path = tempfile.mkstemp(dir=folder)  # readable by nobody else
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(f"*:*:*:*:{password}\n")
            yield make_conninfo("", **shown, **({"passfile": path} if password else {}))
        finally:
            Path(path).unlink()


def _contents(database: Connection) -> Contents:
    tables = {}
    for (name,) in database.execute(TABLES).fetchall():
        query = sql.SQL(CHECKSUM).format(sql.Identifier("public", name))
        tables[name] = Table(*cast(tuple[int, str], database.execute(query).fetchone()))
    migrations: dict[str, str] = {}
    if "django_migrations" in tables:
        migrations = dict(database.execute("SELECT app, max(name) FROM django_migrations GROUP BY app").fetchall())
    return Contents(tables, migrations)


def _one(database: Connection, query: str, values: list[object] | None = None) -> Any:
    row = database.execute(query, values).fetchone()
    return row[0] if row else None


def _refuse_older_client(tool: str, server: int) -> None:
    found = re.search(r"(\d+)(\.\d+)*", _run([tool, "--version"]))
    if found is None or int(found[1]) < server:
        raise BackupError(
            f"{tool} is of version {found[0] if found else 'unknown'}, the server of {server}: an older one can't dump"
            f" it. Install postgresql-client-{server}, and see that it comes first on the PATH."
        )


def _missing(tool: str) -> BackupError:
    return BackupError(f"{tool} is not on the PATH: install PostgreSQL's client tools (Debian: postgresql-client).")


@contextmanager
def _started(command: list[str], **streams: int) -> Iterator[subprocess.Popen[bytes]]:
    """Killed if the block fails: a restore that gets no further must not commit what it has. Raises what it says."""
    with tempfile.TemporaryFile() as errors:
        try:
            process = subprocess.Popen(command, stderr=errors, **streams)  # type: ignore[call-overload]  # noqa: S603 -- the vendor's own tool
        except FileNotFoundError:
            raise _missing(command[0]) from None
        with process:
            try:
                yield process
            except BrokenPipeError:
                pass  # it stopped reading: what it says follows
            except BaseException:
                process.kill()
                raise
            if process.stdin:
                _hang_up(process.stdin)
        if process.returncode:
            errors.seek(0)
            raise _failure(command[0], errors.read().decode(errors="replace"))


def _hang_up(pipe: Any) -> None:
    with suppress(BrokenPipeError):  # as above
        pipe.close()


def _failure(tool: str, said: str) -> BackupError:
    """The first error alone: what follows it may repeat rows."""
    lines = [line.removeprefix(f"{tool}: ").removeprefix("error: ") for line in said.splitlines() if "error:" in line]
    return BackupError(f"{tool} failed: {(lines or [said.strip().partition(chr(10))[0]])[0]}")


def _output(command: list[str]) -> Iterator[bytes]:
    with _started(command, stdout=subprocess.PIPE) as process:
        yield from pieces(cast(BinaryIO, process.stdout))


def _feed(command: list[str], dump: Iterator[bytes]) -> None:
    with _started(command, stdin=subprocess.PIPE) as process:
        pipe = cast(BinaryIO, process.stdin)
        for piece in dump:
            pipe.write(piece)


def _run(command: list[str]) -> str:
    return b"".join(_output(command)).decode()
