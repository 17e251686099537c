"""PostgreSQL and PgBouncer as `deploy/` has them, with FoodMood released in a database of its own for each test."""

import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from config.env import BASE_DIR
from tests.database.pgbouncer import DEPLOYED as PGBOUNCER
from tests.database.pgbouncer import PgBouncer
from tests.faults.conftest import environment
from tests.faults.postgres import Postgres, postgres, programs
from tests.foodmood.processes import Site
from tests.services import needed, program

POSTGRES = BASE_DIR / "deploy" / "postgres"
OWNER, WEB = "foodmood", "foodmood_web"
PASSWORDS = {OWNER: "Yk2uVd8wQe", WEB: "nP5rTz1xLc"}
WATCHER = "watcher"  # of PgBouncer's console
Connection = psycopg.Connection[tuple[Any, ...]]
# The superuser is the test itself; everybody else proves who they are.
HBA = """
host all postgres 127.0.0.1/32 trust
host all all 127.0.0.1/32 scram-sha-256
"""


@contextmanager
def deployed(gigabytes: int) -> Iterator[Postgres]:
    """A PostgreSQL with the configuration for so much memory."""

    def prepare(folder: Path) -> None:
        for file in POSTGRES.glob("*.conf"):  # copies, because its user may not be let into this folder
            shutil.copy(file, folder)
        with (folder / "postgresql.conf").open("a") as configuration:
            configuration.write(f"include 'postgresql-{gigabytes}gb.conf'\n")
        (folder / "pg_hba.conf").write_text(HBA)

    where = programs()
    needed(where, "No PostgreSQL server is installed.")
    assert where
    with postgres(where, user="postgres", prepare=prepare) as server:
        yield server


def psql(server: Postgres, *arguments: str) -> str:
    command = [program("psql", "postgresql-client"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", *arguments]
    passwords = {"FOODMOOD_PASSWORD": PASSWORDS[OWNER], "FOODMOOD_WEB_PASSWORD": PASSWORDS[WEB]}
    done = subprocess.run(  # noqa: S603 -- our own files
        [*command, server.url("postgres")], env=os.environ | passwords, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def login(role: str, port: int, database: str) -> str:
    return f"postgres://{role}:{PASSWORDS[role]}@127.0.0.1:{port}/{database}"


@dataclass
class Deployed:
    """A released FoodMood whose web goes through PgBouncer as foodmood_web, and all else straight as foodmood."""

    server: Postgres
    bouncer: PgBouncer
    database: str
    site: Site

    def through(self, database: str = "") -> str:
        return login(WEB, self.bouncer.port, database or self.database)

    def straight(self, database: str = "") -> str:
        return login(OWNER, self.server.port, database or self.database)

    def console(self) -> Connection:
        url = f"postgres://{WATCHER}:{WATCHER}@127.0.0.1:{self.bouncer.port}/pgbouncer"
        return psycopg.connect(url, autocommit=True, prepare_threshold=None)

    def copy(self, name: str) -> None:
        self.server.query(f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE released")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """Into which FoodMood is released, as the database `released`."""
    with deployed(4) as server:
        psql(server, "--set=database=released", f"--file={POSTGRES / 'roles.sql'}")
        straight = login(OWNER, server.port, "released")
        Site(tmp_path_factory.mktemp("released"), environment(straight)).manage("release", "--verbosity=0")
        yield server


@pytest.fixture
def foodmood(server: Postgres, tmp_path: Path) -> Iterator[Deployed]:
    users = tmp_path / "userlist.txt"
    users.write_text(psql(server, "--no-align", "--tuples-only", f"--file={PGBOUNCER / 'userlist.sql'}"))
    with users.open("a") as file:
        file.write(f'"{WATCHER}" "{WATCHER}"\n')
    lines = f"auth_file = {users}\nadmin_users = {WATCHER}"
    bouncer = PgBouncer(tmp_path, f"host=127.0.0.1 port={server.port}", lines)
    database = f"site_{uuid.uuid4().hex}"
    deployed = Deployed(server, bouncer, database, Site(tmp_path, {}))
    deployed.copy(database)
    pooled = {"DATABASE_POOL": "pgbouncer", "DATABASE_DIRECT_URL": deployed.straight()}
    deployed.site.environment |= environment(deployed.through()) | pooled
    bouncer.start()
    try:
        yield deployed
    finally:
        bouncer.stop()
        server.query(f"DROP DATABASE {database} WITH (FORCE)")
