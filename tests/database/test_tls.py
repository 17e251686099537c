"""A PostgreSQL that takes no connection without TLS, and a certificate that is checked."""

import ipaddress
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509

from config.env import BASE_DIR
from tests.certificates import self_made
from tests.config.test_gunicorn import ENVIRONMENT
from tests.faults.postgres import Postgres, postgres, programs
from tests.foodmood.processes import PYTHON
from tests.services import needed

HOST = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
ASK = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
    print(cursor.fetchone())
"""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return self_made(tmp_path_factory.mktemp("tls") / "server.pem", HOST)


@pytest.fixture(scope="module")
def server(certificate: Path) -> Iterator[Postgres]:
    where = programs()
    needed(where, "No PostgreSQL server is installed.")
    assert where

    def demand_tls(folder: Path) -> None:
        mine = folder / "server.pem"
        shutil.copy(certificate, mine)
        os.chown(mine, folder.stat().st_uid, folder.stat().st_gid)
        mine.chmod(0o600)  # else PostgreSQL refuses the key in it
        with (folder / "postgresql.conf").open("a") as configuration:
            configuration.write(f"ssl = on\nssl_cert_file = '{mine}'\nssl_key_file = '{mine}'\n")
        (folder / "pg_hba.conf").write_text("hostssl all all 127.0.0.1/32 trust\n")

    with postgres(where, prepare=demand_tls) as server:
        yield server


def manage(server: Postgres, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 -- our own command
        [*PYTHON, *arguments],
        cwd=BASE_DIR,
        env=ENVIRONMENT | {"DATABASE_URL": server.url("postgres"), "DATABASE_WAIT": "0"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("mode", ["require", "verify-ca", "verify-full"])
def test_the_connection_is_encrypted(server: Postgres, certificate: Path, mode: str) -> None:
    trust = {} if mode == "require" else {"DATABASE_SSLROOTCERT": str(certificate)}
    done = manage(server, "shell", "--verbosity=0", f"--command={ASK}", DATABASE_SSLMODE=mode, **trust)
    assert done.stdout.splitlines()[-1:] == ["(True,)"], done.stderr


def test_a_server_that_cannot_prove_who_it_is_gets_nothing(server: Postgres, tmp_path: Path) -> None:
    another = self_made(tmp_path / "another.pem", HOST)
    done = manage(server, "release", DATABASE_SSLMODE="verify-full", DATABASE_SSLROOTCERT=str(another))
    assert done.returncode != 0
    assert "certificate verify failed" in done.stdout + done.stderr


def test_without_tls_the_server_is_not_reached(server: Postgres) -> None:
    done = manage(server, "release", DATABASE_SSLMODE="disable")
    assert done.returncode != 0
    assert "no encryption" in done.stdout + done.stderr
