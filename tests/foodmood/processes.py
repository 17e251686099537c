"""A site of its own for one test: a database, a web server and a worker, in processes as an operator has them."""

import atexit
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from http.cookiejar import CookieJar
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import psycopg
from django.db import connection

from config.env import BASE_DIR
from tests.config.test_gunicorn import GUNICORN, free_port, get
from tests.inherited import inherited
from tests.services import needed

PYTHON = [sys.executable, "manage.py"]


@dataclass
class Site:
    """`environment` leads every process to the site's own database."""

    folder: Path
    environment: dict[str, str]

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(  # noqa: S603 -- our own command
            [*PYTHON, *arguments], cwd=BASE_DIR, env=self.environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    def ask(self, expression: str) -> str:
        """What an expression over the models is."""
        return self.manage("shell", "--verbosity=0", "--command", f"print({expression})").strip()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the database has, for who waits: a `manage.py` for each look would keep the machine busy meanwhile."""
        url = self.environment.get("DATABASE_DIRECT_URL") or self.environment["DATABASE_URL"]
        if url.startswith("sqlite"):
            with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=20)) as database:
                return database.execute(sql).fetchall()
        with psycopg.connect(url) as connection:
            return connection.execute(sql).fetchall()

    def minutes_pass(self) -> None:
        """What is due in a while is due now, as no test waits so long. Not while the worker has a mail in hand."""
        later = "from django.utils.timezone import now; from django_q.models import Schedule;"
        mails = "QueuedMail.objects.waiting().update(next_try_at=now())"
        self.manage("shell", "--verbosity=0", "--command", f"{later} {mails}; Schedule.objects.update(next_run=now())")

    @contextmanager
    def process(self, name: str, command: list[str], ready: str) -> Iterator[subprocess.Popen[bytes]]:
        """Runs within, from when its log says it is ready; killed after, with all that it started."""
        log = self.folder / f"{name}.{uuid.uuid4().hex}.log"
        with log.open("w") as output:
            process = subprocess.Popen(  # noqa: S603 -- our own command
                command, cwd=BASE_DIR, env=self.environment, stdout=output, stderr=output, start_new_session=True
            )
            try:
                until(lambda: re.search(ready, log.read_text()) is not None, f"{name} to start")
                yield process
            finally:
                signal_all(process, signal.SIGKILL)
                process.wait()

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        with self.process("worker", [*PYTHON, "qcluster"], "running") as process:
            yield process

    @contextmanager
    def web(self) -> Iterator[str]:
        port = free_port()
        with self.server(port):
            yield f"http://127.0.0.1:{port}"

    @contextmanager
    def server(self, port: int) -> Iterator[subprocess.Popen[bytes]]:
        command = [GUNICORN, "config.wsgi", "--bind", f"127.0.0.1:{port}"]
        with self.process("web", command, "") as process:  # its log may go elsewhere
            until(lambda: _serves(port), "gunicorn to serve")
            yield process


@contextmanager
def new_site(folder: Path, **environment: str) -> Iterator[Site]:
    """A released site, on the kind of database that the tests run on."""
    base = {
        **inherited(),
        "DJANGO_ENV": "test",
        "DJANGO_SETTINGS_MODULE": "tests.foodmood.worker_settings",
        "PYTHONUNBUFFERED": "1",
        "TRUSTED_PROXY_COUNT": "1",
        "WEB_CONCURRENCY": "1",
    }
    with _database(folder) as url:
        site = Site(folder, base | {"DATABASE_URL": url} | environment)
        site.manage("release", "--verbosity=0")
        yield site


@contextmanager
def _database(folder: Path) -> Iterator[str]:
    """One with every migration."""
    if connection.vendor == "sqlite":
        file = folder / "site.sqlite3"
        shutil.copy(_migrated(), file)
        yield f"sqlite:///{file}"
    else:
        with _on_postgresql(f"TEMPLATE {_migrated()}") as name:
            yield _url(name)


@cache
def _migrated() -> str:
    """The file or the name of a database of which sites get copies: to migrate takes as long as most of their tests."""
    stack = ExitStack()
    atexit.register(stack.close)
    if connection.vendor == "sqlite":
        made = f"{stack.enter_context(TemporaryDirectory())}/migrated.sqlite3"
        url = f"sqlite:///{made}"
    else:
        made = stack.enter_context(_on_postgresql())
        url = _url(made)
    environment = inherited() | {"DJANGO_ENV": "test", "DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": url}
    Site(Path(), environment).manage("migrate", "--verbosity=0")
    return made


@contextmanager
def _on_postgresql(how: str = "") -> Iterator[str]:
    name = f"foodmood_{uuid.uuid4().hex}"
    with psycopg.connect(**_parameters(), dbname="postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} {how}")
    try:
        yield name
    finally:
        with psycopg.connect(**_parameters(), dbname="postgres", autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _url(name: str) -> str:
    given = _parameters()
    login = ":".join(filter(None, [given.get("user"), given.get("password")]))
    return f"postgres://{login}@{given['host']}:{given.get('port', 5432)}/{name}"


def _parameters() -> dict[str, Any]:
    given = connection.get_connection_params()
    return {name: given[name] for name in ("user", "password", "host", "port") if name in given}


def _serves(port: int) -> bool:
    try:
        return get(f"http://127.0.0.1:{port}/health/")[0] == HTTPStatus.OK
    except OSError:
        return False


def sign_up(site: str, number: int) -> float:
    """Somebody signs up, over HTTP, from an address of their own; how many seconds the answer took."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    browser.addheaders = [("X-Forwarded-For", f"198.51.100.{number}")]
    page = f"{site}/accounts/signup/"
    with browser.open(page, timeout=60) as answer:
        token = re.search(r'name="csrfmiddlewaretoken"\s+value="([^"]+)"', answer.read().decode())
    assert token is not None
    form = {
        "csrfmiddlewaretoken": token[1],
        "email": f"person{number}@example.org",
        "password1": "a long and quiet evening",
        "consent": "on",
        "time_zone": "Europe/Berlin",
    }
    before = time.monotonic()
    with browser.open(Request(page, urlencode(form).encode()), timeout=60) as answer:  # noqa: S310 -- our own server
        assert answer.url != page, answer.read().decode()
    return time.monotonic() - before


def children(process: "subprocess.Popen[bytes]") -> list[int]:
    """Those that it started itself. Of what runs a container, one: the first process in it."""
    needed(Path("/proc").is_dir(), "No /proc: this system does not list the processes that one has started.")
    return [int(number) for number in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def until(true: Callable[[], bool], what: str, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
        time.sleep(0.1)


def signal_all(process: subprocess.Popen[bytes], number: int) -> None:
    """To the process and all that it started, as systemd and platforms do."""
    with suppress(ProcessLookupError):  # all are gone already
        os.killpg(process.pid, number)
