"""What PostgreSQL, PgBouncer and the pool say: docs/troubleshooting.md."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg_pool import ConnectionPool, PoolTimeout

from tests.database.pgbouncer import PgBouncer, pgbouncer
from tests.foodmood.processes import new_site

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no connections to share"),
]
Guide = Callable[[str], None]


def test_pgbouncer_that_is_not_declared(in_the_guide: Guide, tmp_path: Path) -> None:
    with new_site(tmp_path) as site, pgbouncer(tmp_path, site.environment["DATABASE_URL"]) as through:
        site.environment |= {"DATABASE_URL": through, "DJANGO_SETTINGS_MODULE": "tests.database.pool_settings"}
        with site.web():
            log = next(tmp_path.glob("web.*.log")).read_text()
    in_the_guide(log)


def test_a_pgbouncer_whose_connections_are_all_in_use(in_the_guide: Guide, tmp_path: Path) -> None:
    name = str(ours()["dbname"])
    lines = "auth_type = any\ndefault_pool_size = 1\nreserve_pool_size = 0\nquery_wait_timeout = 1"
    server = " ".join(f"{key}={value}" for key, value in ours().items() if key != "dbname" and value)
    bouncer = PgBouncer(tmp_path, server, lines)
    bouncer.start()
    through = f"postgres://anybody@127.0.0.1:{bouncer.port}/{name}"
    try:
        with psycopg.connect(through) as busy, busy.transaction():
            busy.execute("SELECT 1")
            with pytest.raises(psycopg.OperationalError) as refused:
                psycopg.connect(through).execute("SELECT 1")
    finally:
        bouncer.stop()
    in_the_guide(str(refused.value))


def test_a_table_that_the_role_may_not_read(in_the_guide: Guide) -> None:
    with psycopg.connect(**ours()) as restored, restored.transaction(force_rollback=True):
        restored.execute("REVOKE ALL ON meals_meal FROM CURRENT_USER")
        with pytest.raises(psycopg.errors.InsufficientPrivilege) as refused:
            restored.execute("SELECT count(*) FROM meals_meal")
    in_the_guide(str(refused.value))


def ours() -> dict[str, Any]:
    """How to reach the tests' database."""
    given: dict[str, Any] = dict(connection.get_connection_params())
    return {name: given[name] for name in ("dbname", "user", "password", "host", "port") if name in given}


def test_a_pool_that_is_empty(in_the_guide: Guide) -> None:
    with (
        ConnectionPool(kwargs=ours(), min_size=1, max_size=1, timeout=0.1) as pool,
        pool.connection(),
        pytest.raises(PoolTimeout) as refused,
        pool.connection(),
    ):
        pass
    in_the_guide(str(refused.value))


def test_a_statement_that_takes_too_long(in_the_guide: Guide) -> None:
    with (
        psycopg.connect(**ours(), options="-c statement_timeout=50") as short,
        pytest.raises(psycopg.errors.QueryCanceled) as ended,
    ):
        short.execute("SELECT pg_sleep(10)")
    in_the_guide(str(ended.value))
