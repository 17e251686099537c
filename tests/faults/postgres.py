"""A PostgreSQL of its own, to be stopped, killed and cut: in its own folder, on a free port, durable as it comes."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests.config.test_gunicorn import free_port
from tests.foodmood.processes import until

USER = "foodmood"


@dataclass
class Postgres:
    programs: Path
    folder: Path
    user: str = USER  # its superuser, who needs no password
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    def url(self, database: str) -> str:
        return f"postgres://{self.user}@127.0.0.1:{self.port}/{database}"

    def query(self, sql: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Each statement is a transaction of its own."""
        with psycopg.connect(self.url(database), autocommit=True, connect_timeout=5) as connection:
            cursor = connection.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def start(self) -> None:
        """Returns when it accepts connections."""
        command = [
            *(str(self.programs / "postgres"), "-D", str(self.folder), "-p", str(self.port)),
            *("-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self.folder}"),
        ]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, **_as_its_user())  # noqa: S603 -- our own command
        until(self._accepts, "PostgreSQL to start")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT ends every session in order, SIGQUIT at once, as when the host is lost."""
        if self.process:
            self.process.send_signal(how)
            self.process.wait(timeout=60)

    def cut(self, database: str) -> int:
        """Ends every connection to the database; how many there were."""
        ended = self.query(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"  # noqa: S608 -- as above
        )
        return len(ended)

    def _accepts(self) -> bool:
        assert self.process
        assert self.process.poll() is None, (self.folder / "log").read_text()
        try:
            self.query("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True


def programs() -> Path | None:
    """Where Debian keeps what is no command for everybody, the newest version first; or the PATH."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: int(each.parent.name), reverse=True)
    on_path = shutil.which("postgres")
    return next(iter([*places, *([Path(on_path).parent] if on_path else [])]), None)


@contextmanager
def postgres(
    programs: Path, *, user: str = USER, prepare: Callable[[Path], None] = lambda _folder: None
) -> Iterator[Postgres]:
    """`prepare` may change the configuration in its folder before it starts."""
    folder = Path(
        tempfile.mkdtemp(prefix="foodmood-postgres-")
    )  # not below pytest's, which only its own user may enter
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
    try:
        initdb = [
            str(programs / "initdb"),
            "-D",
            str(folder),
            "-U",
            user,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ]
        subprocess.run(initdb, check=True, capture_output=True, **_as_its_user())  # noqa: S603 -- our own command
        prepare(folder)
        server = Postgres(programs, folder, user)
        server.start()
        try:
            yield server
        finally:
            server.stop(signal.SIGQUIT)
    finally:
        shutil.rmtree(folder)


def _as_its_user() -> dict[str, Any]:
    """PostgreSQL refuses root."""
    if os.getuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": "/"}
