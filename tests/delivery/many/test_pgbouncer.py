"""PgBouncer with the deployed configuration, in front of PostgreSQL with its own."""

import os
import subprocess
import sys
from collections import Counter
from typing import Any

import psycopg
import pytest

from config.env import BASE_DIR
from tests.delivery.many.conftest import OWNER, PASSWORDS, WEB, Connection, Deployed, login
from tests.delivery.many.crowd import MEALS, PEOPLE
from tests.foodmood.processes import until

POOL = 10  # default_pool_size in deploy/pgbouncer/pgbouncer.ini
# Pages, their forms and what they write; whose rows they are; two writers at one moment.
HTTP_TESTS = ("tests/journal", "tests/meals", "tests/edibles", "tests/wellbeing", "tests/isolation/test_sessions.py")
CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s"


def test_the_http_tests_pass_through_it(foodmood: Deployed) -> None:
    foodmood.copy("test_suite")
    # Tests take their time within a transaction.
    for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        foodmood.server.query(f"ALTER ROLE {WEB} IN DATABASE test_suite SET {name} = 0")
    environment = os.environ | {
        "DATABASE_POOL": "pgbouncer",
        "DATABASE_URL": foodmood.through("suite"),
        "DATABASE_DIRECT_URL": foodmood.straight("suite"),
    }
    command = [sys.executable, "-m", "pytest", "--numprocesses=0", "--reuse-db", "--quiet", *HTTP_TESTS]
    done = subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 -- our own
    assert done.returncode == 0, done.stdout
    with foodmood.console() as console:
        [seen] = [row for row in show(console, "STATS") if row["database"] == "test_suite"]
    assert seen["total_query_count"] > 1000


def test_two_hundred_people_write_over_ten_connections_and_each_meal_is_there_once(foodmood: Deployed) -> None:
    command = [sys.executable, "-m", "tests.delivery.many.crowd"]
    log = foodmood.site.folder / "crowd.log"
    clients, in_bouncer, in_postgres = Counter[int](), Counter[int](), Counter[int]()
    with (
        log.open("w") as output,
        subprocess.Popen(command, cwd=BASE_DIR, env=foodmood.site.environment, stdout=output, stderr=output) as crowd,  # noqa: S603 -- our own
        foodmood.console() as console,
        psycopg.connect(foodmood.server.url("postgres"), autocommit=True) as server,
    ):
        console.execute("SET query_wait_timeout = 120")  # how fast this machine is at the moment is not what is tried

        def is_over() -> bool:
            for pool in show(console, "POOLS"):
                if pool["database"] == foodmood.database:
                    clients[pool["cl_active"] + pool["cl_waiting"]] += 1
                    in_bouncer[sum(number for name, number in pool.items() if name.startswith("sv_"))] += 1
            in_postgres.update(number for (number,) in server.execute(CONNECTIONS, [WEB]).fetchall())
            return crowd.poll() is not None

        until(is_over, "everybody to write", seconds=240)
    assert crowd.returncode == 0, log.read_text()
    assert max(clients) == PEOPLE
    assert max(in_bouncer) == max(in_postgres) == POOL
    acknowledged = log.read_text().split()
    assert len(acknowledged) == PEOPLE * MEALS
    there = Counter(title for (title,) in foodmood.server.query("SELECT title FROM meals_meal", foodmood.database))
    assert there == Counter(acknowledged)


def show(console: Connection, what: str) -> list[dict[str, Any]]:
    shown = console.execute(f"SHOW {what}")
    names = [column.name for column in shown.description or []]
    return [dict(zip(names, row, strict=True)) for row in shown]


def test_it_lets_in_who_has_the_password_and_knows_none_itself(foodmood: Deployed) -> None:
    users = (foodmood.site.folder / "userlist.txt").read_text()
    assert f'"{WEB}" "SCRAM-SHA-256$' in users
    assert not [password for password in PASSWORDS.values() if password in users]
    with psycopg.connect(foodmood.through()) as web:
        assert web.execute("SELECT current_user").fetchone() == (WEB,)
    for wrong in (foodmood.through().replace(PASSWORDS[WEB], "a-guess"), login(OWNER, foodmood.bouncer.port, "x")):
        with pytest.raises(psycopg.OperationalError, match="authentication failed"):
            psycopg.connect(wrong)


@pytest.mark.parametrize(
    "beyond",
    [
        "CREATE TABLE public.mine (id int)",
        "DROP TABLE meals_meal",
        "TRUNCATE meals_meal CASCADE",
        "ALTER TABLE meals_meal DISABLE TRIGGER ALL",
        "SELECT rolpassword FROM pg_authid",
        "CREATE ROLE mine",
        "CREATE DATABASE mine",
    ],
)
def test_the_web_may_change_rows_and_nothing_else(foodmood: Deployed, beyond: str) -> None:
    with (
        psycopg.connect(foodmood.through(), autocommit=True) as web,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        web.execute(beyond)


def test_the_web_is_bounded_by_its_role_and_reaches_what_a_migration_brings(foodmood: Deployed) -> None:
    with psycopg.connect(foodmood.straight(), autocommit=True) as owner:
        owner.execute("CREATE TABLE brought (id int GENERATED BY DEFAULT AS IDENTITY, word text)")
    with psycopg.connect(foodmood.through(), autocommit=True) as web:
        web.execute("INSERT INTO brought (word) VALUES ('new')")
        bounds = {
            name: web.execute(f"SHOW {name}").fetchone()
            for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
        }
    assert bounds == {
        "statement_timeout": ("15s",),
        "lock_timeout": ("5s",),
        "idle_in_transaction_session_timeout": ("30s",),
    }
