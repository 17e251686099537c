"""`DJANGO_ENV=prod gunicorn config.wsgi` with real processes, as an operator starts it."""

import fcntl
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from email.message import Message
from pathlib import Path
from urllib.parse import urlencode

from config.env import BASE_DIR, VAR_DIR
from tests.inherited import inherited

ENVIRONMENT = {
    **inherited(),
    "DJANGO_ENV": "prod",
    "DJANGO_SECRET_KEY": "k9Vb2nQx7LmZ4pRt8WsY1cFd6GhJ3kAe5UiOo0PzXyCvBnMqAbCdEf",
    "DJANGO_ALLOWED_HOSTS": "food.example.org",
    "WEB_CONCURRENCY": "1",
}
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex  # the same in all of its processes
GUNICORN = str(Path(sys.executable).parent / "gunicorn")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def gunicorn(
    log: Path, application: str = "config.wsgi", *, command: Sequence[str] = (GUNICORN,), **environment: str
) -> Iterator[str]:
    """The address of a running FoodMood, or of what else it is to serve; what it writes goes to `log`."""
    port = free_port()
    with (
        log.open("w") as output,
        subprocess.Popen(  # noqa: S603 -- our own server
            [*command, application],
            cwd=BASE_DIR,
            env=ENVIRONMENT | {"PORT": str(port)} | environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address, process)
            yield address
        finally:
            process.terminate()


def _wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        if process.poll() is not None:
            raise AssertionError("gunicorn stopped")
        try:
            urllib.request.urlopen(f"{address}/health/", timeout=1)  # noqa: S310 -- our own address
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("gunicorn did not answer within 20 s")


def get(address: str, data: bytes | None = None, /, **headers: str) -> tuple[int, "Message[str, str]", str]:
    """Status, headers and body, of a POST if there is data; redirects are not followed."""
    opener = urllib.request.build_opener(_NoRedirect)
    request = urllib.request.Request(address, data, headers)  # noqa: S310 -- our own address
    try:
        with opener.open(request, timeout=20) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers, answer.read().decode()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        """Redirects are answers, too."""


def prepare(**environment: str) -> None:
    """What an operator does before a new version starts. The folder of static files is one for all, and filled once."""
    VAR_DIR.mkdir(exist_ok=True)
    _manage("release", **environment)
    with (VAR_DIR / "prepare.lock").open("a+") as filled_by:
        fcntl.flock(filled_by, fcntl.LOCK_EX)
        filled_by.seek(0)
        if filled_by.read() != RUN:
            _manage("collectstatic", "--noinput", **environment)
            filled_by.truncate(0)
            filled_by.write(RUN)


def _manage(*arguments: str, **environment: str) -> None:
    command = [sys.executable, "manage.py", *arguments, "--verbosity=0"]
    subprocess.run(command, cwd=BASE_DIR, env=ENVIRONMENT | environment, check=True)  # noqa: S603 -- our own commands


def test_it_serves_with_three_variables_and_its_pages_through_a_declared_proxy(tmp_path: Path) -> None:
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path}/foodmood.sqlite3"}
    prepare(**environment)
    with gunicorn(tmp_path / "log", **environment) as site:
        assert get(f"{site}/ready/")[0] == 200
        status, headers, _body = get(f"{site}/", Host="food.example.org")
        assert (status, headers["Location"]) == (301, "https://food.example.org/")
        assert get(f"{site}/", Host="other.example.org")[0] == 400
    forwarded = {"Host": "food.example.org", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    with gunicorn(tmp_path / "log", TRUSTED_PROXY_COUNT="1", **environment) as site:
        status, _headers, body = get(f"{site}/accounts/login/", **forwarded)
        assert status == 200
        assert "Log in" in body


def test_a_header_from_an_undeclared_proxy_is_not_believed(tmp_path: Path) -> None:
    forwarded = {"Host": "food.example.org", "X-Forwarded-Proto": "https"}
    with gunicorn(tmp_path / "log", DATABASE_URL=f"sqlite:///{tmp_path}/foodmood.sqlite3") as site:
        assert get(f"{site}/nothing/", **forwarded)[0] == 301


def test_no_request_writes_into_the_links_of_mails(tmp_path: Path) -> None:
    environment = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/foodmood.sqlite3",
        "TRUSTED_PROXY_COUNT": "1",
        "EMAIL_URL": "smtp://127.0.0.1:1",  # no worker runs: what is sent stays in the queue
        "DEFAULT_FROM_EMAIL": "diary@example.org",
        "DJANGO_CSRF_TRUSTED_ORIGINS": "https://food.example.org:8443",
    }
    prepare(**environment)
    token = "a" * 32
    usual = {
        "Host": "food.example.org",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "203.0.113.9",
        "Cookie": f"__Host-csrftoken={token}",
        "X-CSRFToken": token,
        "Referer": "https://food.example.org/",
    }
    strange: list[dict[str, str]] = [
        {"Host": "food.example.org:1234"},
        {"Host": "food.example.org."},
        {"Host": "Food.Example.org.:1234"},
        {"SCRIPT_NAME": "/call-0900-123"},
        {"SCRIPT_NAME": "/accounts"},
        {"Script-Name": "/call-0900-123"},
        {"PATH_INFO": "/call-0900-123"},
        {"Host": "food.example.org:8443", "Referer": "https://food.example.org:8443/"},  # declared
    ]
    with gunicorn(tmp_path / "log", **environment) as site:
        for n, headers in enumerate(strange):
            form = urlencode({"email": f"nobody{n}@example.org"}).encode()
            assert get(f"{site}/accounts/password/reset/", form, **usual | headers)[0] == 302, headers
    with closing(sqlite3.connect(tmp_path / "foodmood.sqlite3")) as database:
        queue = database.execute("SELECT message FROM mail_queuedmail ORDER BY id").fetchall()
    sites = [set(re.findall(r"(https?://[^\s\"]*/)accounts/signup/", message)) for (message,) in queue]
    assert sites == [{"https://food.example.org/"}] * 7 + [{"https://food.example.org:8443/"}]


def test_without_its_database_it_lives_says_why_and_is_not_ready(tmp_path: Path) -> None:
    nobody = f"postgres://food:hunter2@127.0.0.1:{free_port()}/foodmood"
    with gunicorn(tmp_path / "log", DATABASE_URL=nobody) as site:
        status, _headers, body = get(f"{site}/ready/")
        assert (status, json.loads(body)) == (503, {"status": "not ready"})
        assert get(f"{site}/health/")[0] == 200
    log = (tmp_path / "log").read_text()
    assert "can't be reached" in log
    assert "Traceback" not in log
    assert "hunter2" not in log


def test_a_wrong_environment_stops_it_with_one_message() -> None:
    done = subprocess.run(  # noqa: S603 -- our own server
        [GUNICORN, "config.wsgi"],
        cwd=BASE_DIR,
        env=ENVIRONMENT | {"DJANGO_ALLOWED_HOSTS": "*", "DATABASE_URL": "", "DJANGO_SECRET_KEY": "short"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert done.stderr.count("FoodMood can't start: 3 problem(s)") == 1
    assert "Traceback" not in done.stderr


def test_its_limits_come_from_the_environment() -> None:
    limits = {"WEB_TIMEOUT": "60", "WEB_GRACEFUL_TIMEOUT": "9", "WEB_KEEPALIVE": "75", "WEB_MAX_REQUESTS": "500"}
    done = subprocess.run(  # noqa: S603 -- our own server
        [GUNICORN, "--print-config", "config.wsgi"],
        cwd=BASE_DIR,
        env=ENVIRONMENT | {"DATABASE_URL": "postgres://127.0.0.1/nobody-asks-it"} | limits,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    printed = dict(re.findall(r"^(\w+) += (.*)$", done.stdout, re.MULTILINE))
    names = ("timeout", "graceful_timeout", "keepalive", "max_requests", "max_requests_jitter")
    assert [printed[name] for name in names] == ["60", "9", "75", "500", "50"]
