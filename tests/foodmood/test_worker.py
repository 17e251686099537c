"""The worker's real processes."""

import signal
from pathlib import Path

import pytest

from tests.foodmood.processes import new_site, signal_all, until

pytestmark = pytest.mark.django_db


def test_the_worker_stops_when_all_its_processes_are_told_to(tmp_path: Path) -> None:
    with new_site(tmp_path) as site, site.worker() as worker:
        signal_all(worker, signal.SIGTERM)
        assert worker.wait(timeout=60) == 0


def test_the_worker_runs_what_is_scheduled(tmp_path: Path) -> None:
    with new_site(tmp_path) as site, site.worker():
        until(lambda: "send_due" in site.ask("Success.objects.values_list('func')"), "a run")
