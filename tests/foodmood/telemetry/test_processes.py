"""The log of real processes: gunicorn, the worker, commands; and what a real worker tells Sentry."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import brotli
import pytest

from config.env import BASE_DIR
from tests.config.test_gunicorn import ENVIRONMENT, get, gunicorn, prepare
from tests.foodmood.processes import new_site, until

MARK = "Zqx7secret"


def lines(*logs: Path) -> list[dict[str, Any]]:
    """Every line of them is an object."""
    return [json.loads(line) for log in logs for line in log.read_text().splitlines()]


def test_every_line_of_gunicorn_is_an_object_without_what_was_asked_for(tmp_path: Path) -> None:
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path}/foodmood.sqlite3"}
    prepare(**environment)
    with gunicorn(tmp_path / "log", DJANGO_SSL_REDIRECT="0", **environment) as site:
        get(f"{site}/{MARK}/?{MARK}", Host="food.example.org")
        with socket.create_connection(("127.0.0.1", int(site.rpartition(":")[2]))) as raw:
            raw.sendall(f"GET /{MARK} HTTP/1.1\r\n{MARK} : {MARK}\r\n\r\n".encode())
            raw.recv(1000)
        until(lambda: "Invalid request" in (tmp_path / "log").read_text(), "gunicorn to say so")
    written = lines(tmp_path / "log")
    assert {"gunicorn.error", "foodmood.telemetry.requests"} <= {line["logger"] for line in written}
    assert MARK not in (tmp_path / "log").read_text()


def test_with_a_folder_all_processes_write_one_file(tmp_path: Path) -> None:
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path}/foodmood.sqlite3"}
    prepare(**environment)
    folder = tmp_path / "logs"
    folder.mkdir()
    with gunicorn(tmp_path / "out", LOG_DIR=str(folder), WEB_CONCURRENCY="2", **environment) as site:
        for _ in range(20):
            get(f"{site}/nothing/", Host="food.example.org")
    assert (tmp_path / "out").read_text() == ""
    written = [line["logger"] for line in lines(*folder.iterdir())]
    assert written.count("foodmood.telemetry.requests") == 20
    assert "gunicorn.error" in written


def test_a_folder_that_is_not_there_stops_the_start_with_one_message(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=BASE_DIR,
        env=ENVIRONMENT | {"DATABASE_URL": "sqlite:////tmp/none.sqlite3", "LOG_DIR": str(tmp_path / "none")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"LOG_DIR names {tmp_path / 'none'}, where there is no folder: create it" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def ingest() -> Iterator[tuple[str, list[str]]]:
    """The DSN of something like Sentry, and what it got."""
    got: list[str] = []

    class Ingest(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append(brotli.decompress(body).decode())  # as the SDK packs it where it can
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the standard library's name
            """Not to the tests' output."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Ingest) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://key@127.0.0.1:{server.server_port}/1", got
        server.shutdown()


@pytest.mark.django_db
def test_a_task_that_fails_is_told_by_the_name_of_its_request_and_without_its_values(
    tmp_path: Path, ingest: tuple[str, list[str]]
) -> None:
    dsn, got = ingest
    with new_site(tmp_path, LOG_FORMAT="json", SENTRY_DSN=dsn) as site:
        enqueue = "from django_q.tasks import async_task; from foodmood.telemetry.request_id import request_id\n"
        enqueue += f"with request_id('a-name-of-mine'): async_task('builtins.int', '{MARK}')"
        site.manage("shell", "--verbosity=0", "--command", enqueue)
        with site.worker():
            log = next(tmp_path.glob("worker.*.log"))
            until(lambda: any("builtins.int: failed" in body for body in got), "the event")
            until(lambda: "builtins.int: failed" in log.read_text(), "the line")
    (failed,) = [line for line in lines(log) if "builtins.int: failed" in line["message"]]
    assert (failed["level"], failed["request_id"]) == ("ERROR", "a-name-of-mine")
    assert failed["exc"].endswith("\nValueError")
    assert '"request_id":"a-name-of-mine"' in "".join(got).replace(" ", "")
    assert MARK not in log.read_text() + "".join(got)


@pytest.mark.django_db
def test_what_a_request_leaves_to_the_worker_keeps_its_name(tmp_path: Path) -> None:
    with new_site(tmp_path, LOG_FORMAT="json") as site, site.worker():
        log = next(tmp_path.glob("worker.*.log"))
        site.manage(
            "shell",
            "--verbosity=0",
            "--command",
            "from foodmood.telemetry.request_id import request_id; from django_q.tasks import async_task\n"
            "with request_id('another-name'): async_task('builtins.int', '1')",
        )
        until(lambda: any(line.get("request_id") == "another-name" for line in lines(log)), "the worker to do it")
    done = [line for line in lines(log) if line.get("request_id") == "another-name"]
    assert any("builtins.int: done" in line["message"] for line in done), done
