"""docs/deploy/one-server.md, typed line by line on a new server that systemd starts."""

import os
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

import pytest

from config.env import BASE_DIR
from tests.delivery.acme import Authority, authority
from tests.delivery.browser import PASSWORD, Browser
from tests.delivery.debian import debian
from tests.delivery.guide import commands
from tests.delivery.network import own_network
from tests.delivery.server import Server, booted, installed
from tests.services import needed, program

HOST = "food.example.org"
ALICE = "alice@example.org"
DAY = "2026-03-01"
GUIDE = commands("deploy/one-server.md")
_CLONE, PUT_UP, _RUN = GUIDE["5. A version"]
READY = "cd /srv/foodmood/current && runuser -u foodmood -- .venv/bin/python manage.py ready"


def git(*arguments: str) -> None:
    subprocess.run([program("git"), *arguments], check=True, capture_output=True)  # noqa: S603 -- our own command


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """What is committed, as a version."""
    needed((BASE_DIR / ".git").exists(), "No git repository to clone from.")
    bare = tmp_path / "foodmood.git"
    git("clone", "--bare", "--no-tags", str(BASE_DIR), str(bare))
    git("-C", str(bare), "tag", "v1.0.9")
    return bare


def set_up(server: Server, certifier: Authority) -> None:
    """What stands before *Updating*, but for two things: who certifies, and the password that somebody is asked for."""
    for title in GUIDE:
        if title == "Updating":
            break
        lines, environment = "".join(GUIDE[title]), {}
        if "certbot certonly" in lines:
            server.type(f"echo 'server = https://127.0.0.1:{certifier.port}/dir' >> /etc/letsencrypt/cli.ini")
            environment = {"REQUESTS_CA_BUNDLE": "/mnt/pebble.crt"}
        if "createsuperuser" in lines:
            lines = lines.replace("createsuperuser", "createsuperuser --noinput")
            environment = {"DJANGO_SUPERUSER_PASSWORD": PASSWORD}
        server.type(lines, **environment)


def running(server: Server) -> tuple[str, str]:
    """The version that serves, and as whom."""
    process = "/proc/$(systemctl show --value --property MainPID foodmood-web)"
    folder, user = server.type(f"readlink {process}/cwd; stat --format %U {process}").split()
    return folder.removeprefix("/srv/foodmood/releases/"), user


def backups(server: Server) -> int:
    return int(server.type("find /var/backups/foodmood -name '*.dump' | wc --lines"))


@contextmanager
def visited(browser: Browser) -> Iterator[list[int]]:
    """Somebody looks at her diary again and again meanwhile; the statuses of what they saw."""
    seen: list[int] = []
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(0.05):
            seen.append(browser.ask(f"/day/{DAY}/").status)

    visitor = threading.Thread(target=look)
    visitor.start()
    try:
        yield seen
    finally:
        ended.set()
        visitor.join()


def open_to_all() -> set[int]:
    """The ports of this thread's network that are not for the machine alone."""
    listed = subprocess.run([program("ss", "iproute2"), "-Hltn"], capture_output=True, text=True, check=True).stdout  # noqa: S603 -- the system's
    places = [line.split()[3].rsplit(":", 1) for line in listed.splitlines()]
    return {int(port) for address, port in places if not re.match(r"127\.|\[::1\]", address)}


def test_an_empty_debian_becomes_a_site_that_outlives_a_reboot_and_an_update(tmp_path: Path, repository: Path) -> None:
    needed(os.geteuid() == 0, "Only root may start a server here.")
    base = debian()
    with own_network(way_out=True), installed(base) as files, authority(tmp_path, asks_at=80) as certifier:
        (files / "etc/hosts").write_text(f"127.0.0.1 localhost {HOST}\n")
        (files / "etc/gitconfig").write_text(
            '[url "file:///mnt/foodmood.git"]\n\tinsteadOf = https://git.example.org/foodmood.git\n'
        )
        mounts = {"/mnt/foodmood.git": repository, "/mnt/pebble.crt": certifier.own_certificate}
        browser = Browser(HOST, 443, certifier.root)

        with booted(files, mounts) as server:
            set_up(server, certifier)
            assert server.type(READY) == "ready"
            assert running(server) == ("v1.0.9", "foodmood")
            assert open_to_all() == {80, 443}
            browser.sign_up(ALICE)
            browser.log_meal(DAY, "Porridge")

        with booted(files, mounts) as server:
            assert browser.ask("/ready/").status == HTTPStatus.OK
            Browser(HOST, 443, certifier.root).log_in("you@example.org")
            assert "Porridge" in browser.ask(f"/day/{DAY}/").body
            before = backups(server)
            with visited(browser) as statuses:
                git("-C", str(repository), "tag", "v1.0.10")  # newer, though not to who sorts letters
                server.type(PUT_UP + "".join(GUIDE["Updating"]))
                assert running(server)[0] == "v1.0.10"
                server.type("".join(GUIDE["Going back"]))
                assert running(server)[0] == "v1.0.9"
            assert set(statuses) == {HTTPStatus.OK}
            assert backups(server) > before
            assert server.state() == "running"
