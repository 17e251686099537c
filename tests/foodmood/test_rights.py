"""`release` and `migrate` on PostgreSQL with a role that lacks a right."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from config.env import BASE_DIR
from tests.config.test_gunicorn import ENVIRONMENT
from tests.faults.postgres import Postgres, postgres, programs
from tests.services import needed


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    where = programs()
    needed(where, "No PostgreSQL server is installed.")
    assert where
    with postgres(where) as server:
        server.query('CREATE ROLE "Weak" LOGIN')
        yield server


@dataclass
class Role:
    server: Postgres
    database: str

    def manage(self, command: str) -> subprocess.CompletedProcess[str]:
        url = f"postgres://Weak@127.0.0.1:{self.server.port}/{self.database}"
        return subprocess.run(  # noqa: S603 -- our own command
            [sys.executable, "manage.py", command, "--verbosity=0"],
            cwd=BASE_DIR,
            env=ENVIRONMENT | {"DATABASE_URL": url, "DATABASE_WAIT": "0"},
            capture_output=True,
            text=True,
            check=False,
        )

    def fails(self, command: str) -> str:
        done = self.manage(command)
        assert done.returncode != 0
        assert "Traceback" not in done.stderr
        return done.stderr

    def query(self, sql: str) -> None:
        self.server.query(sql, self.database)


@pytest.mark.parametrize("command", ["release", "migrate"])
def test_missing_create_is_named_with_its_grant(server: Postgres, command: str) -> None:
    server.query(f"CREATE DATABASE {command}")
    role = Role(server, command)
    said = role.fails(command)
    assert "permission denied for schema public" in said
    assert f"The role Weak may not create tables in the schema public of the database {command}" in said
    grant = 'GRANT USAGE, CREATE ON SCHEMA public TO "Weak";'
    assert grant in said
    assert len([line for line in said.splitlines() if "CommandError" in line]) == 1
    role.query(grant)
    assert role.manage(command).returncode == 0


def test_missing_usage_is_named_with_its_grant(server: Postgres) -> None:
    server.query("CREATE DATABASE hidden")
    role = Role(server, "hidden")
    role.query("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    assert 'GRANT USAGE, CREATE ON SCHEMA public TO "Weak";' in role.fails("release")


def test_tables_of_another_role_are_named(server: Postgres) -> None:
    server.query("CREATE DATABASE handed")
    role = Role(server, "handed")
    role.query('GRANT CREATE ON SCHEMA public TO "Weak"')
    assert role.manage("release").returncode == 0
    role.query("ALTER TABLE django_migrations OWNER TO foodmood")
    said = role.fails("release")
    assert "Tables in the database handed belong to another role than Weak" in said
    statement = 'ALTER TABLE public.django_migrations OWNER TO "Weak";'
    assert statement in said
    role.query(statement)
    assert role.manage("release").returncode == 0


def test_missing_connect_is_named_with_its_grant(server: Postgres) -> None:
    server.query("CREATE DATABASE closed")
    server.query("REVOKE CONNECT ON DATABASE closed FROM PUBLIC")
    role = Role(server, "closed")
    statement = 'GRANT CONNECT ON DATABASE "closed" TO "Weak";'
    assert statement in role.fails("release")
    server.query(statement)
    assert "can't be reached" not in role.fails("release")
