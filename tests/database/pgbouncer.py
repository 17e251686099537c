"""A PgBouncer of a test's own, as `deploy/pgbouncer/pgbouncer.ini` has it but for where it is and who may come in."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from config.env import BASE_DIR
from tests.config.test_gunicorn import free_port
from tests.foodmood.processes import until
from tests.services import program

DEPLOYED = BASE_DIR / "deploy" / "pgbouncer"
# The later line counts. The included file ends in its section [pgbouncer]: to begin that anew would forget all of it.
INI = """
[databases]
* = {server}
%include {deployed}
listen_port = {port}
unix_socket_dir =
{lines}
"""


@dataclass
class PgBouncer:
    """`server` is how it goes to PostgreSQL; `lines` are those of its configuration that are this test's own."""

    folder: Path
    server: str
    lines: str
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Returns when it answers."""
        ini = self.folder / "pgbouncer.ini"
        deployed = DEPLOYED / "pgbouncer.ini"
        ini.write_text(INI.format(deployed=deployed, server=self.server, port=self.port, lines=self.lines))
        command = [program("pgbouncer"), *(["-u", "nobody"] if os.geteuid() == 0 else []), str(ini)]  # root it refuses
        with (self.folder / "pgbouncer.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603 -- the system's own
        until(self._answers, "pgbouncer to answer")

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _answers(self) -> bool:
        """Whoever it may not know: that it says so is an answer, too."""
        try:
            psycopg.connect(host="127.0.0.1", port=self.port, user="nobody", dbname="nothing").close()
        except psycopg.OperationalError as error:
            return "refused" not in str(error)
        return True


@contextmanager
def pgbouncer(folder: Path, url: str) -> Iterator[str]:
    """The URL that leads through it to the database of `url`. Anybody may come in, and is the user of `url`."""
    given = urlsplit(url)
    login = f"user={given.username} password={given.password or ''}"
    server = f"host={given.hostname} port={given.port} {login}"
    bouncer = PgBouncer(folder, server, "auth_type = any")
    bouncer.start()
    try:
        yield f"postgres://{given.username}@127.0.0.1:{bouncer.port}{given.path}"
    finally:
        bouncer.stop()
