"""PostgreSQL with each of the deployed configurations."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from tests.delivery.many.conftest import POSTGRES, Connection, deployed, psql
from tests.faults.postgres import Postgres

SIZES = (1, 4, 16)
MB = 1024**2
PROCESS = 5 * MB  # what a connection takes before it sorts anything
AT_ONCE = 2  # sorts or hashes of one statement
DIARY = "CREATE TABLE diary (id int PRIMARY KEY, note text NOT NULL UNIQUE CHECK (length(note) < 30), kind int)"
NOTE = "headache-after-rye"


@pytest.fixture(scope="module", params=SIZES, ids=lambda gigabytes: f"{gigabytes}gb")
def sized(request: pytest.FixtureRequest) -> Iterator[tuple[int, Postgres]]:
    with deployed(request.param) as server:
        yield request.param, server


def test_it_takes_every_line(sized: tuple[int, Postgres]) -> None:
    gigabytes, server = sized
    files = [POSTGRES / "foodmood.conf", POSTGRES / f"postgresql-{gigabytes}gb.conf"]
    written = {name for file in files for name in re.findall(r"^([a-z_.]+) =", file.read_text(), re.MULTILINE)}
    taken = server.query(
        "SELECT file.name FROM pg_file_settings AS file JOIN pg_settings AS now USING (name)"
        " WHERE applied AND error IS NULL AND NOT pending_restart AND now.sourcefile = file.sourcefile"
        r" AND file.sourcefile ~ '/(foodmood|postgresql-\d+gb)\.conf$'"
    )
    assert {name for (name,) in taken} == written
    assert server.query("SELECT name, error FROM pg_file_settings WHERE error IS NOT NULL") == []


def test_the_worst_that_all_do_at_once_fits_into_its_memory(sized: tuple[int, Postgres]) -> None:
    gigabytes, server = sized
    names = ("shared_buffers", "work_mem", "maintenance_work_mem", "max_connections", "autovacuum_max_workers")
    sizes = {name: server.query(f"SELECT pg_size_bytes(current_setting('{name}'))")[0][0] for name in names}
    connections = sizes["max_connections"] * (PROCESS + AT_ONCE * sizes["work_mem"])
    vacuums = sizes["autovacuum_max_workers"] * sizes["maintenance_work_mem"]
    assert sizes["shared_buffers"] + connections + vacuums <= gigabytes * 1024 * MB


FAULTS = {  # by their code; each has the note in its statement
    "23505": "INSERT INTO diary VALUES (2, 'headache-after-rye')",
    "23514": "INSERT INTO diary VALUES (3, 'headache-after-rye, and after wheat')",
    "23502": "INSERT INTO diary VALUES (NULL, 'again headache-after-rye')",
    "42601": "SELEC 'headache-after-rye'",
    "57014": "SET statement_timeout = '50ms'; SELECT pg_sleep(9), 'headache-after-rye'",
    "55P03": "SET lock_timeout = '500ms'; UPDATE diary SET kind = 1 WHERE note = 'headache-after-rye'",
}


def test_no_value_reaches_its_log_or_its_statistics(sized: tuple[int, Postgres]) -> None:
    _gigabytes, server = sized
    psql(server, f"--command=CREATE EXTENSION pg_stat_statements; {DIARY}")
    server.query("INSERT INTO diary VALUES (1, 'headache-after-rye')")
    server.query("CREATE ROLE somebody PASSWORD 'headache-after-rye'")
    with connected(server) as diary, connected(server) as other:
        other.execute("BEGIN; SELECT FROM diary FOR UPDATE")
        diary.execute("SET deadlock_timeout = '10ms'")  # from when on a wait is told
        for statement in FAULTS.values():
            with pytest.raises(psycopg.Error):
                diary.execute(statement)
        with pytest.raises(psycopg.errors.UniqueViolation):
            diary.execute("INSERT INTO diary VALUES (4, %s)", [NOTE])
    server.query(
        "SET work_mem = '64kB'; SELECT 'headache-after-rye' FROM generate_series(1, 800000) AS n ORDER BY n::text"
    )
    log = (server.folder / "log").read_text()
    # It says what went wrong …
    assert set(FAULTS) <= set(re.findall(r" (\w{5}) ERROR: ", log))
    assert "still waiting for" in log
    assert "temporary file" in log
    # … and nothing of what was written.
    assert NOTE not in log
    statements = [statement for (statement,) in server.query("SELECT query FROM pg_stat_statements")]
    assert "INSERT INTO diary VALUES ($1, $2)" in statements
    assert not [statement for statement in statements if NOTE in statement]


@contextmanager
def connected(server: Postgres) -> Iterator[Connection]:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        yield connection
