"""A site of its own, as production serves it: PostgreSQL, gunicorn, somebody with a diary of five years."""

import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from benchmarks.browser import SITE, Browser
from config.env import BASE_DIR
from tests.config.test_gunicorn import ENVIRONMENT, GUNICORN, free_port

SERVER = "postgres://foodmood:foodmood@127.0.0.1:5432"
PEOPLE = ("reader@example.org", "writer@example.org")
PASSWORD = "oat-milk-at-noon"  # noqa: S105 -- of accounts that are gone after the run
YEARS = 5

# The diary ends with today, whatever the hour: the page of a day with four meals and three check-ins.
MAKE_PEOPLE = f"""
from datetime import datetime, time
from zoneinfo import ZoneInfo
from allauth.account.models import EmailAddress
from apps.accounts.models import User
from apps.portability.actions import import_archive
from apps.portability.demo import demo_archive
until = datetime.combine(datetime.now(ZoneInfo("UTC")), time(23, 59), ZoneInfo("UTC"))
archive = demo_archive(until=until, days={YEARS * 365})
for email in {PEOPLE!r}:
    person = User.objects.create_user(email, {PASSWORD!r}, consent_version="2026-12-01")
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    import_archive(owner=person, archive=archive, restore=True)
"""


@dataclass(frozen=True, slots=True)
class Server:
    """One gunicorn."""

    address: str
    master: int

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.master}/task/{self.master}/children").read_text()
        return [int(child) for child in children.split()]

    def wait_until_idle(self) -> None:
        """Until what was asked by somebody who left is done, too."""
        before, now = -1, self._ticks()
        while now != before or self._is_waiting():
            time.sleep(0.3)
            before, now = now, self._ticks()

    def _is_waiting(self) -> bool:
        """For a process that a worker started, such as one that computes insights: its threads are taken meanwhile."""
        children = (child for worker in self.workers() for child in Path(f"/proc/{worker}/task").glob("*/children"))
        return any(child.read_text() for child in children)

    def _ticks(self) -> int:
        """Of the processor, which its workers took."""
        stats = [Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split() for worker in self.workers()]
        return sum(int(user) + int(system) for user, system in (stat[11:13] for stat in stats)) // 2


@dataclass(frozen=True, slots=True)
class Memory:
    """Of one process, in megabytes: all that it has mapped, and its fair share of what others map too."""

    rss: float
    pss: float

    @classmethod
    def of(cls, process: int) -> "Memory":
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        kilobytes = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines[1:])}
        return cls(kilobytes["Rss"] / 1024, kilobytes["Pss"] / 1024)


@dataclass(frozen=True, slots=True)
class Site:
    """A released site with two people in it. What its processes need stands in `environment`."""

    folder: Path
    environment: dict[str, str]

    def manage(self, *arguments: str) -> None:
        manage = [sys.executable, "manage.py", *arguments, "--verbosity=0"]
        subprocess.run(manage, cwd=BASE_DIR, env=self.environment, check=True)  # noqa: S603 -- our own

    @contextmanager
    def process(self, name: str, command: list[str], **environment: str) -> Iterator["subprocess.Popen[bytes]"]:
        """Runs within; what it says goes to a file of that name."""
        with (
            (self.folder / name).open("w") as log,
            subprocess.Popen(  # noqa: S603 -- our own
                command, cwd=BASE_DIR, env=self.environment | environment, stdout=log, stderr=log
            ) as process,
        ):
            try:
                yield process
            finally:
                process.terminate()

    @contextmanager
    def gunicorn(self, application: str, *before: str, **environment: str) -> Iterator[Server]:
        """`before` is a command that starts it."""
        port = free_port()
        command = [*before, GUNICORN, application]
        with self.process(application, command, PORT=str(port), **environment) as process:
            server = Server(f"http://127.0.0.1:{port}", process.pid)
            deadline = time.monotonic() + 60
            while not _answers(server):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((self.folder / application).read_text())
                time.sleep(0.1)
            yield server


def _answers(server: Server) -> bool:
    try:
        Browser(server.address, "203.0.113.1").ask("GET", "/health/")
    except OSError:
        return False
    return True


def signed_in(server: Server, email: str) -> Browser:
    browser = Browser(server.address, "203.0.113.1")
    browser.log_in(email, PASSWORD)
    if not browser.is_signed_in():
        raise RuntimeError(f"{email} could not log in")
    return browser


@contextmanager
def site() -> Iterator[Site]:
    """On the empty database that DATABASE_URL names; else in one made on this machine, and dropped after."""
    with tempfile.TemporaryDirectory(prefix="foodmood-bench-") as folder, _database() as url:
        environment = {
            "DATABASE_URL": url,
            "DJANGO_ALLOWED_HOSTS": SITE,
            "TRUSTED_PROXY_COUNT": "1",
            "WEB_CONCURRENCY": "2",
            "MALLOC_ARENA_MAX": "2",  # as the Procfile has it
            "WEB_MAX_REQUESTS": "0",  # else the bare app would be replaced every second
        }
        made = Site(Path(folder), ENVIRONMENT | environment)
        made.manage("release")
        made.manage("collectstatic", "--noinput")
        made.manage("shell", "--command", MAKE_PEOPLE)
        yield made


@contextmanager
def _database() -> Iterator[str]:
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    name = f"foodmood_bench_{uuid.uuid4().hex}"
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{SERVER}/{name}"
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
