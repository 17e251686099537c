"""A PgBouncer of a test's own, in transaction mode."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests.config.test_gunicorn import free_port
from tests.foodmood.processes import until
from tests.services import program

INI = """
[databases]
* = host={host} port={port} user={user} password={password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
"""


@contextmanager
def pgbouncer(folder: Path, url: str) -> Iterator[str]:
    """The URL that leads through it to the database of `url`."""
    bouncer = program("pgbouncer")
    server, listen = urlsplit(url), free_port()
    ini = folder / "pgbouncer.ini"
    ini.write_text(
        INI.format(
            host=server.hostname,
            port=server.port,
            user=server.username,
            password=server.password or "",
            listen=listen,
        )
    )
    command = [bouncer, *(["-u", "nobody"] if os.geteuid() == 0 else []), str(ini)]  # root it refuses to be
    with (
        (folder / "pgbouncer.log").open("w") as log,
        subprocess.Popen(command, stdout=log, stderr=log) as process,  # noqa: S603 -- the system's own
    ):
        try:
            through = f"postgres://{server.username}@127.0.0.1:{listen}{server.path}"
            until(lambda: _answers(through), "pgbouncer to answer")
            yield through
        finally:
            process.terminate()


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True
