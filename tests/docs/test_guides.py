"""What people type as the guides say works as the guides say."""

import os
import re
import shlex
import signal
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from config.env import BASE_DIR
from tests.config.test_gunicorn import ENVIRONMENT, free_port, get
from tests.foodmood.processes import until


def blocks(page: str, heading: str) -> list[list[str]]:
    """The indented blocks of one section."""
    text = (BASE_DIR / "docs" / page).read_text(encoding="utf-8")
    section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return [
        [line.strip() for line in block.strip().splitlines()]
        for block in re.findall(r"\n\n((?: {4}.*\n)+)", f"\n{section}\n")
    ]


@pytest.mark.django_db
def test_getting_started_shows_what_is_printed() -> None:
    printed = StringIO()
    call_command("demo", stdout=printed)
    lines = {line.strip() for line in printed.getvalue().splitlines()}
    [_make_run, shown] = blocks("getting-started.md", "1. Start it")
    assert set(shown) <= lines


def test_by_hand_on_one_server(tmp_path: Path) -> None:
    """All lines but the first two, which make the environment that these tests run in."""
    [[venv, install, export, *commands]] = blocks("deploying.md", "By hand, on one server")
    assert venv == "python3 -m venv .venv"
    assert (BASE_DIR / install.split()[-1]).exists()
    assert set(re.findall(r"(\w+)=", export)) == {
        "DJANGO_ENV",
        "DJANGO_SECRET_KEY",
        "DJANGO_ALLOWED_HOSTS",
        "DATABASE_URL",
        "BIND",
        "TRUSTED_PROXY_COUNT",
    }
    port = free_port()
    database = {"DATABASE_URL": f"sqlite:///{tmp_path}/foodmood.sqlite3", "BIND": f"127.0.0.1:{port}"}
    *steps, web, worker = [
        [str(Path(sys.executable).parent / Path(program).name), *rest] for program, *rest in map(shlex.split, commands)
    ]
    for step in steps:
        subprocess.run(step, cwd=BASE_DIR, env=ENVIRONMENT | database, check=True, timeout=300)  # noqa: S603 -- of our own guide
    running = []
    try:
        for name, command in (("web", web), ("worker", worker)):
            with (tmp_path / name).open("w") as log:
                running.append(
                    subprocess.Popen(  # noqa: S603 -- as above
                        command, cwd=BASE_DIR, env=ENVIRONMENT | database, stdout=log, stderr=log, process_group=0
                    )
                )
        until(lambda: ready(port), "the site to be ready")
        until(lambda: "running" in (tmp_path / "worker").read_text(), "the worker to run")
        for process in running:
            process.send_signal(signal.SIGTERM)
        assert [process.wait(timeout=60) for process in running] == [0, 0]
    finally:
        for process in running:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def ready(port: int) -> bool:
    try:
        return get(f"http://127.0.0.1:{port}/ready/")[0] == 200
    except OSError:
        return False
