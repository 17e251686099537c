"""Real servers of their own for each worker of pytest, and the table of what became of the writes."""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.config.test_gunicorn import ENVIRONMENT
from tests.faults.postgres import Postgres, postgres, programs
from tests.faults.writers import HOST, Writers, writing
from tests.foodmood.processes import Site
from tests.services import needed

PEOPLE = 20
ROW = "fault"
SECRET = ENVIRONMENT["DJANGO_SECRET_KEY"]
SIGN_IN = f"""
from apps.accounts.models import User
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
for number in range({PEOPLE}):
    person = User.objects.create_user(f"person{{number}}@example.org", consent_version="2026-12-01")
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "apps.accounts.backends.AddressBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    print("session", session.session_key)
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("faults")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    rows = [
        dict(report.user_properties)[ROW]
        for report in terminalreporter.stats.get("passed", []) + terminalreporter.stats.get("failed", [])
        if ROW in dict(report.user_properties)
    ]
    if rows:
        terminalreporter.write_sep("=", "what became of acknowledged writes")
        terminalreporter.write_line("| Fault | Acknowledged | Lost | Duplicated | Seconds to recover |")
        terminalreporter.write_line("|---|---|---|---|---|")
        for row in sorted(rows):
            terminalreporter.write_line(row)


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    where = programs()
    needed(where, "No PostgreSQL server is installed.")
    assert where
    with postgres(where) as server:
        yield server


def environment(url: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "DJANGO_ENV": "prod",
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "DJANGO_SECRET_KEY": SECRET,
        "DJANGO_ALLOWED_HOSTS": HOST,
        "DATABASE_URL": url,
        "PYTHONUNBUFFERED": "1",
        "TRUSTED_PROXY_COUNT": "1",
        "WEB_CONCURRENCY": "2",
    }


@pytest.fixture(scope="session")
def released(server: Postgres, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """A released database with twenty people, to be copied for each test; the sessions in which they are signed in."""
    server.query("CREATE DATABASE released")
    site = Site(tmp_path_factory.mktemp("released"), environment(server.url("released")))
    site.manage("release", "--verbosity=0")
    signed_in = site.manage("shell", "--verbosity=0", "--command", SIGN_IN)
    return [line.split()[1] for line in signed_in.splitlines() if line.startswith("session")]


@dataclass
class Trial:
    """A site on its own PostgreSQL, with twenty people who are signed in."""

    server: Postgres
    site: Site
    sessions: list[str]
    record: Callable[[str, object], None]

    @property
    def database(self) -> str:
        return self.site.environment["DATABASE_URL"].rpartition("/")[2]

    @contextmanager
    def writing(self, address: str) -> Iterator[Writers]:
        with writing(address, self.sessions) as writers:
            yield writers

    def whole(self, fault: str, writers: Writers, back: float) -> None:
        """Every acknowledged write is there, and none twice; nobody saw what is neither a yes nor a “come again”.

        `back` is the moment from which on nothing was in the way any more.
        """
        rows = self.server.query("SELECT title FROM meals_meal", self.database)
        self.judge(fault, set(writers.acknowledged), [title for (title,) in rows], writers.recovered_after(back))
        assert writers.strange == []

    def judge(self, fault: str, acknowledged: set[str], there: Iterable[str], seconds: float) -> None:
        times = Counter(there)
        lost = sorted(acknowledged - times.keys())
        twice = sorted(name for name, number in times.items() if number > 1)
        self.record(ROW, f"| {fault} | {len(acknowledged)} | {len(lost)} | {len(twice)} | {seconds:.1f} |")
        assert (lost, twice) == ([], [])


@pytest.fixture
def trial(
    server: Postgres, released: list[str], tmp_path: Path, record_property: Callable[[str, object], None]
) -> Iterator[Trial]:
    name = f"site_{time.monotonic_ns()}"
    server.query(f"CREATE DATABASE {name} TEMPLATE released")
    yield Trial(server, Site(tmp_path, environment(server.url(name))), released, record_property)
    server.query(f"DROP DATABASE {name} WITH (FORCE)")
