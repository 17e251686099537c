"""A day with FoodMood over each way to connect: real gunicorn, real worker, real PgBouncer."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import psycopg
import pytest
from django.db import connection

from tests.database.pgbouncer import pgbouncer
from tests.foodmood.processes import Site, new_site, until

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no connections to share"),
]


class Browser:
    def __init__(self, site: str) -> None:
        self.site = site
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))
        self.opener.addheaders = [("X-Forwarded-For", "198.51.100.1")]

    def get(self, path: str) -> bytes:
        with self.opener.open(self.site + path, timeout=60) as answer:
            page: bytes = answer.read()
            return page

    def post(self, path: str, seen_at: str, **form: str) -> None:
        token = re.search(rb'name="csrfmiddlewaretoken"\s+value="([^"]+)"', self.get(seen_at))
        assert token is not None
        data = urlencode(form | {"csrfmiddlewaretoken": token[1].decode()}).encode()
        with self.opener.open(Request(self.site + path, data), timeout=60) as answer:  # noqa: S310 -- our own server
            assert answer.status == 200


@contextmanager
def connected(pool: str, folder: Path) -> Iterator[Site]:
    """A site whose web connects in that way."""
    with new_site(folder, DJANGO_SETTINGS_MODULE="tests.database.pool_settings", WEB_THREADS="4") as site:
        direct = site.environment["DATABASE_URL"]
        with pgbouncer(folder, direct) if pool == "pgbouncer" else nullcontext(direct) as through:
            site.environment |= {"DATABASE_POOL": pool, "DATABASE_URL": through, "DATABASE_DIRECT_URL": direct}
            yield site


@pytest.mark.parametrize("pool", ["none", "psycopg", "pgbouncer"])
def test_people_log_and_export_and_the_worker_works(pool: str, tmp_path: Path) -> None:
    with connected(pool, tmp_path) as site, site.worker(), site.web() as address:
        anna = Browser(address)
        signup = "/accounts/signup/"
        form = {"email": "anna@example.org", "password1": "a long and quiet evening", "consent": "on"}
        anna.post(signup, signup, **form)
        meal = {"edible": "Bircher muesli", "category": "BREAKFAST", "eaten_at": "2026-03-01T08:00"}
        anna.post("/day/2026-03-01/meal/", "/day/2026-03-01/", **meal)
        assert b"Bircher muesli" in anna.get("/day/2026-03-01/")
        anna.post("/accounts/reauthenticate/", "/accounts/reauthenticate/", password="a long and quiet evening")
        assert json.loads(anna.get("/data/export/"))["edibles"][0]["name"] == "Bircher muesli"
        tables = zipfile.ZipFile(io.BytesIO(anna.get("/data/export/tables/")))
        assert b"Bircher muesli" in tables.read("meals.csv")
        site.minutes_pass()
        until(lambda: site.rows("SELECT 1 FROM django_q_task WHERE success AND func LIKE '%send_due'") != [], "a task")


def test_a_pool_keeps_to_its_size(tmp_path: Path) -> None:
    with connected("psycopg", tmp_path) as site:
        site.environment["DATABASE_POOL_SIZE"] = "2"
        with site.web() as address:
            browser = Browser(address)
            for _ in range(12):  # gunicorn hands them to its threads in turn
                browser.get("/ready/")
            with psycopg.connect(site.environment["DATABASE_DIRECT_URL"]) as server:
                asked = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'foodmood web'"
                row = server.execute(f"{asked} AND datname = current_database()").fetchone()
        assert row is not None
        assert 1 <= row[0] <= 2


def test_a_role_without_bounds_is_named_with_the_sql_that_mends_it(tmp_path: Path) -> None:
    with connected("pgbouncer", tmp_path) as site:
        site.environment["DATABASE_STATEMENT_TIMEOUT"] = "15"
        with site.web():
            log = next(tmp_path.glob("web.*.log"))
            until(lambda: "ALTER ROLE" in log.read_text(), "the warning")
            assert "SET statement_timeout = '15s';" in log.read_text()
