"""How DATABASE_… becomes a connection: one of three ways for the web, straight and unhurried for commands."""

from typing import Any

import pytest

from config.database import postgresql
from config.env import load
from tests.config.test_environment import GOOD, complaint

DIRECT = "postgres://food:mood@straight:5432/foodmood"


def entry(command: str | None = None, **changed: str) -> dict[str, Any]:
    return postgresql(load(GOOD | changed, building=False), command)


def test_the_web_keeps_a_connection_for_each_thread_and_looks_whether_it_lives() -> None:
    config = entry()
    assert (config["CONN_MAX_AGE"], config["CONN_HEALTH_CHECKS"]) == (60, True)
    assert "pool" not in config["OPTIONS"]


def test_psycopgs_pool_is_of_the_size_of_the_threads_unless_told() -> None:
    config = entry(DATABASE_POOL="psycopg", WEB_THREADS="7")
    assert (config["CONN_MAX_AGE"], config["OPTIONS"]["pool"]["max_size"]) == (0, 7)
    assert entry(DATABASE_POOL="psycopg", DATABASE_POOL_SIZE="3")["OPTIONS"]["pool"]["max_size"] == 3


def test_nothing_of_a_session_goes_through_pgbouncer() -> None:
    config = entry(DATABASE_POOL="pgbouncer", DATABASE_DIRECT_URL=DIRECT)
    assert (config["CONN_MAX_AGE"], config["DISABLE_SERVER_SIDE_CURSORS"]) == (0, True)
    assert config["OPTIONS"]["prepare_threshold"] is None
    assert "options" not in config["OPTIONS"]
    assert config["HOST"] == "db"


@pytest.mark.parametrize("pool", ["none", "psycopg", "pgbouncer"])
@pytest.mark.parametrize("command", ["release", "qcluster"])
def test_commands_go_straight_and_take_their_time(pool: str, command: str) -> None:
    config = entry(command, DATABASE_POOL=pool, DATABASE_DIRECT_URL=DIRECT)
    assert config["HOST"] == "straight"
    assert "pool" not in config["OPTIONS"]
    assert "-c statement_timeout=0s" in config["OPTIONS"]["options"]


def test_the_web_is_bounded() -> None:
    wanted = "-c statement_timeout=15s -c lock_timeout=2s -c idle_in_transaction_session_timeout=30s"
    assert entry(DATABASE_LOCK_TIMEOUT="2")["OPTIONS"]["options"] == wanted


def test_a_migration_gives_way_to_who_holds_its_table() -> None:
    assert "lock_timeout=30s" in entry("release")["OPTIONS"]["options"]


def test_pgbouncer_wants_a_way_around_it() -> None:
    assert "DATABASE_DIRECT_URL is not set, and DATABASE_POOL=pgbouncer needs it" in complaint(
        DATABASE_POOL="pgbouncer"
    )


def test_tls_as_told_is_not_weakened_by_the_url() -> None:
    weak = GOOD["DATABASE_URL"] + "?sslmode=require"
    assert entry(DATABASE_URL=weak)["OPTIONS"]["sslmode"] == "require"
    options = entry(DATABASE_URL=weak, DATABASE_SSLMODE="verify-full")["OPTIONS"]
    assert (options["sslmode"], options["sslrootcert"]) == ("verify-full", "system")


@pytest.mark.parametrize(
    ("name", "value", "mend"),
    [
        ("DATABASE_POOL", "pgpool", "write one of none, psycopg, pgbouncer"),
        ("DATABASE_SSLMODE", "yes", "write one of disable"),
        ("DATABASE_SSLMODE", "verify-ca", "DATABASE_SSLROOTCERT is not set"),
        ("DATABASE_DIRECT_URL", "sqlite:////tmp/x.sqlite3", "leave it blank"),
    ],
)
def test_a_wrong_value_is_named_with_its_mend(name: str, value: str, mend: str) -> None:
    assert mend in complaint(**{name: value})


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("postgres://food:mood@%2Fvar%2Frun%2Fpostgresql/foodmood", "/var/run/postgresql"),
        ("postgres://food:mood@%2Fcloudsql%2Feu%3Adb/foodmood", "/cloudsql/eu:db"),
        ("postgres://food:mood@%2FRun%2FPG/foodmood", "/Run/PG"),
        ("postgres://food:mood@[::1]:5432/foodmood", "::1"),
        ("postgres://food:mood@/foodmood", ""),
    ],
)
def test_host_may_be_an_encoded_socket_folder(url: str, host: str) -> None:
    config = entry(DATABASE_URL=url)
    assert (config["HOST"], config["USER"], config["PASSWORD"], config["NAME"]) == (host, "food", "mood", "foodmood")


@pytest.mark.parametrize("written", ["a%2Fb%3Fc%23d%40e", "a%2Fb%3Fc#d@e"])
def test_password_may_hold_any_character(written: str) -> None:
    assert entry(DATABASE_URL=f"postgres://food:{written}@db/foodmood")["PASSWORD"] == "a/b?c#d@e"


def test_options_of_the_url_keep_the_timeouts() -> None:
    config = entry(DATABASE_URL="postgres://db/foodmood?options=-c%20search_path%3Dfood&connect_timeout=3")
    assert config["OPTIONS"]["options"].endswith(
        "-c lock_timeout=5s -c idle_in_transaction_session_timeout=30s -c search_path=food"
    )
    assert config["OPTIONS"]["options"].startswith("-c statement_timeout=15s ")
    assert config["OPTIONS"]["connect_timeout"] == 3
