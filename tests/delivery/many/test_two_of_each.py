"""Two web servers behind nginx, two workers, PgBouncer, PostgreSQL and Redis: each dies in its turn, as a host does."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from benchmarks.browser import Browser
from config.env import BASE_DIR
from tests.config.test_gunicorn import free_port
from tests.delivery.many.conftest import Deployed
from tests.faults.conftest import PEOPLE, SIGN_IN, Trial
from tests.faults.test_redis import look_around
from tests.faults.test_worker import EVERYBODY, WRITE_TO_EVERYBODY
from tests.faults.writers import Browser as Writer
from tests.foodmood.mail.smtp import Inbox, new_inbox, serving
from tests.foodmood.processes import Site, signal_all, until
from tests.foodmood.redis_server import RedisServer, redis_server
from tests.services import program

PASSWORD = "oats-with-milk-at-eight"
SIGN_UP = f"""
from allauth.account.models import EmailAddress
from apps.accounts.models import User
person = User.objects.create_user("anna@example.org", {PASSWORD!r}, consent_version="2026-12-01")
EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
"""
RESET = "/accounts/password/reset/"
RESETS = 5  # an hour for one address: config/settings/base/limits.py
NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log; {user}
events {{ worker_connections 512; }}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    {upstream}
    server {{
        listen 127.0.0.1:{port};
        {location}
    }}
}}
"""


@dataclass
class Hosts:
    """What runs, and how to let one of it die. What is started again takes the place of the one before."""

    site: Site
    running: ExitStack
    webs: list[tuple[int, "subprocess.Popen[bytes]"]]
    workers: "list[subprocess.Popen[bytes]]"

    def start_web(self, port: int) -> None:
        self.webs.append((port, self.running.enter_context(self.site.server(port))))

    def start_worker(self) -> None:
        self.workers.append(self.running.enter_context(self.site.worker()))

    def kill_first_web(self) -> int:
        """With all its workers, in the middle of what they do; the port that is free now."""
        port, master = self.webs.pop(0)
        kill(master)
        return port

    def kill_first_worker(self) -> None:
        kill(self.workers.pop(0))


def kill(process: "subprocess.Popen[bytes]") -> None:
    signal_all(process, signal.SIGKILL)
    process.wait()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    with redis_server(tmp_path) as redis:
        yield redis


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with serving(new_inbox()) as inbox:
        yield inbox


@pytest.fixture
def hosts(foodmood: Deployed, redis: RedisServer, inbox: Inbox) -> Iterator[Hosts]:
    site = foodmood.site
    site.environment |= {
        "REDIS_URL": redis.url,
        "EMAIL_URL": f"smtp://127.0.0.1:{inbox.port}",
        "DEFAULT_FROM_EMAIL": "diary@example.org",
        "WEB_CONCURRENCY": "1",
    }
    with ExitStack() as running:
        hosts = Hosts(site, running, [], [])
        for _ in range(2):
            hosts.start_web(free_port())
            hosts.start_worker()
        yield hosts


def test_each_dies_in_its_turn_and_nothing_is_lost_or_doubled(
    foodmood: Deployed, hosts: Hosts, redis: RedisServer, inbox: Inbox
) -> None:
    signed_in = hosts.site.manage("shell", "--verbosity=0", "--command", SIGN_IN)
    sessions = [line.split()[1] for line in signed_in.splitlines() if line.startswith("session")]
    assert len(sessions) == PEOPLE
    trial = Trial(foodmood.server, hosts.site, sessions, lambda _name, _value: None)
    with proxy(hosts) as address, trial.writing(address) as writers:
        for _ in range(2):
            port = hosts.kill_first_web()
            writers.go_on()
            hosts.start_web(port)
            writers.go_on()
        assert writers.seen["503"] == 0, writers.last_error

        redis.stop()
        writers.go_on()
        look_around(Writer(address, {"__Host-sessionid": sessions[0]}))
        redis.start()
        writers.go_on()
        assert writers.seen["503"] == 0, writers.last_error

        inbox.seconds_per_mail = 3
        hosts.site.manage("shell", "--verbosity=0", "--command", WRITE_TO_EVERYBODY)
        for _ in range(2):  # whichever of them has the mail in hand: the other goes on
            hosts.site.minutes_pass()
            before = len(inbox.messages)
            until(partial(goes_on, inbox, before), "a further mail")
            hosts.kill_first_worker()
        assert len(inbox.messages) < PEOPLE, "the workers were killed too late for this test"
        hosts.start_worker()
        hosts.start_worker()
        inbox.seconds_per_mail = 0
        hosts.site.minutes_pass()
        until(lambda: hosts.site.rows("SELECT 1 FROM mail_queuedmail") == [], "an empty queue")

        foodmood.bouncer.stop()
        until(lambda: writers.seen["503"] > 0, "a refusal")
        foodmood.bouncer.start()
        back = time.monotonic()
        writers.go_on()
    trial.whole("One of each is killed", writers, back)
    # The one in hand may come twice; it is the same mail to whoever gets it, by its Message-ID.
    mails = {message["Message-ID"]: message["To"] for message in inbox.messages}
    trial.judge("The workers are killed", EVERYBODY, mails.values(), 0)


def goes_on(inbox: Inbox, before: int) -> bool:
    return len(inbox.messages) > before


def test_sessions_and_limits_are_those_of_all_web_servers(hosts: Hosts) -> None:
    hosts.site.manage("shell", "--verbosity=0", "--command", SIGN_UP)
    first, second = (f"http://127.0.0.1:{port}" for port, _master in hosts.webs)
    somebody = Browser(first, "198.51.100.7")
    somebody.log_in("anna@example.org", PASSWORD)
    somebody.server = urlsplit(second).netloc
    assert somebody.is_signed_in()

    stranger = Browser(first, "198.51.100.8")
    stranger.get(RESET)
    statuses = []
    for address in [first, second] * 3 + [second]:
        stranger.server = urlsplit(address).netloc
        statuses.append(stranger.post(RESET, email="anna@example.org")[0])
    assert statuses == [302] * RESETS + [429] * 2


@contextmanager
def proxy(hosts: Hosts) -> Iterator[str]:
    """An nginx with what docs/scaling.md says, in front of both."""
    page = (BASE_DIR / "docs" / "scaling.md").read_text(encoding="utf-8")
    upstream, location = re.findall(r"^    (?:upstream|location) .*?^    }$", page, re.MULTILINE | re.DOTALL)
    for number, (port, _master) in enumerate(hosts.webs, start=11):
        upstream = upstream.replace(f"10.0.0.{number}:8000", f"127.0.0.1:{port}")
    port, folder = free_port(), hosts.site.folder
    configuration = folder / "nginx.conf"
    user = "user root;" if os.getuid() == 0 else ""  # its folder is this user's
    text = NGINX.format(folder=folder, port=port, upstream=upstream, location=location, user=user)
    assert "10.0.0." not in text
    configuration.write_text(text)
    with subprocess.Popen([program("nginx", "nginx-light"), "-c", str(configuration)]) as process:  # noqa: S603 -- our own
        try:
            until((folder / "nginx.pid").exists, "nginx to start")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
