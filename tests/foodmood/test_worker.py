"""The worker's real processes."""

import re
import signal
import subprocess
from pathlib import Path

import pytest

from tests.config.test_gunicorn import GUNICORN, free_port
from tests.foodmood.processes import Site, new_site, signal_all, until

pytestmark = pytest.mark.django_db


def test_the_worker_stops_when_all_its_processes_are_told_to(tmp_path: Path) -> None:
    with new_site(tmp_path) as site, site.worker() as worker:
        signal_all(worker, signal.SIGTERM)
        assert worker.wait(timeout=60) == 0


def test_the_worker_runs_what_is_scheduled(tmp_path: Path) -> None:
    with new_site(tmp_path) as site, site.worker():
        site.minutes_pass()
        until(lambda: site.rows("SELECT 1 FROM django_q_task WHERE success AND func LIKE '%send_due'") != [], "a run")


def test_idle_worker_writes_nothing(tmp_path: Path) -> None:
    with new_site(tmp_path) as site, site.worker():
        site.minutes_pass()
        done = "SELECT func FROM django_q_task WHERE success AND (func LIKE '%send_due' OR func LIKE '%send_reminders')"
        until(lambda: len(set(site.rows(done))) == 2, "mail and reminders to be looked at")
        (log,) = tmp_path.glob("worker.*.log")
        lines = log.read_text().splitlines()
    about_minutes = [line for line in lines if re.search("send_|schedule", line)]
    assert about_minutes == []


def fails(site: Site, *command: str) -> str:
    """What a command says that has to fail, and not with a traceback."""
    with pytest.raises(subprocess.CalledProcessError) as failure:
        site.manage(*command)
    assert "Traceback" not in failure.value.stderr
    return str(failure.value.stderr)


def succeeds(site: Site, *command: str) -> bool:
    try:
        site.manage(*command)
    except subprocess.CalledProcessError:
        return False
    return True


def test_the_worker_shows_that_it_lives_until_it_is_stopped(tmp_path: Path) -> None:
    with new_site(tmp_path) as site:
        assert "qcluster" in fails(site, "worker_ready")
        with site.worker() as worker:
            until(lambda: succeeds(site, "worker_ready"), "a beat")
            signal_all(worker, signal.SIGTERM)
            worker.wait(timeout=60)
            assert site.ask("Heartbeat.objects.count()") == "0"
        assert "no worker" in fails(site, "worker_ready")


def test_ready_says_whether_the_web_server_serves_and_what_is_wrong(tmp_path: Path) -> None:
    port = str(free_port())
    with new_site(tmp_path, PORT=port) as site:
        assert f"no good answer from 0.0.0.0:{port}" in fails(site, "ready")
        with site.process("web", [GUNICORN, "config.wsgi"], "Booting worker"):
            until(lambda: succeeds(site, "ready"), "the server")
            assert site.manage("ready") == "ready\n"
            site.manage("migrate", "telemetry", "zero", "--verbosity=0")
            assert "migrations: 1 migration(s) are not applied" in fails(site, "ready")
