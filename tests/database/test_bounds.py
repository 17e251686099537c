"""A request that the database keeps waiting for too long gives up, and says when to try again."""

from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tests.config.test_gunicorn import get
from tests.foodmood.processes import new_site, until

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one bound, which is tested with writers"),
]

COOKIE = {"Cookie": "sessionid=" + 32 * "a"}  # whose it is has to be looked up


@pytest.mark.parametrize(
    ("bounds", "reason"),
    [
        ({"DATABASE_LOCK_TIMEOUT": "1"}, "lock timeout"),
        ({"DATABASE_LOCK_TIMEOUT": "0", "DATABASE_STATEMENT_TIMEOUT": "1"}, "statement timeout"),
    ],
)
def test_a_page_that_waits_too_long_is_a_503_and_the_next_is_well(
    tmp_path: Path, bounds: dict[str, str], reason: str
) -> None:
    with new_site(tmp_path, **bounds) as site, site.web() as address:
        with psycopg.connect(site.environment["DATABASE_URL"]) as other:
            other.execute("LOCK TABLE django_session IN ACCESS EXCLUSIVE MODE")
            status, headers, page = get(f"{address}/", **COOKIE)
        assert (status, headers["Retry-After"]) == (503, "5")
        assert "FoodMood" in page
        [log] = tmp_path.glob("web.*.log")
        until(lambda: f"due to {reason}" in log.read_text(), "the log to say why")
        assert get(f"{address}/", **COOKIE)[0] == 302
