"""Counters over gunicorn's real processes."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from prometheus_client.mmap_dict import MmapedDict

from foodmood.telemetry import processes
from tests.config.test_gunicorn import GUNICORN, free_port
from tests.foodmood.processes import new_site, until
from tests.foodmood.telemetry.scraped import Scrape

TOKEN = "a-token-for-real-processes"


@dataclass
class Web:
    """One gunicorn with two workers, on a public and on a private port."""

    master: subprocess.Popen[bytes]
    public: str
    private: str

    def status(self, address: str, **headers: str) -> int:
        try:
            with urlopen(Request(address, headers=headers), timeout=60) as answer:  # noqa: S310 -- our own server
                status: int = answer.status
                return status
        except HTTPError as refusal:
            return refusal.code

    def scrape(self) -> Scrape:
        with urlopen(f"{self.private}/metrics", timeout=60) as answer:  # noqa: S310 -- our own server
            return Scrape(answer.read().decode())

    def answered(self) -> float:
        """Requests for the page about privacy."""
        return self.scrape().value("foodmood_requests_total", method="GET", route="privacy", status="200")

    def workers(self) -> set[int]:
        children = Path(f"/proc/{self.master.pid}/task/{self.master.pid}/children")
        return {int(pid) for pid in children.read_text().split()}

    def counting(self) -> float:
        """Asks once more; how many processes have counted something."""
        self.status(f"{self.public}/health/")
        return self.scrape().value("foodmood_web_processes")


@pytest.fixture
def web(db: None, tmp_path: Path) -> Iterator[Web]:
    with _web(tmp_path) as running:
        yield running


@contextmanager
def _web(folder: Path) -> Iterator[Web]:
    ports = {"PORT": str(free_port()), "METRICS_PORT": str(free_port())}
    environment = ports | {"WEB_CONCURRENCY": "2", "MONITORING_TOKEN": TOKEN, "TRUSTED_PROXY_COUNT": "0"}
    with (
        new_site(folder, **environment) as site,
        site.process("web", [GUNICORN, "config.wsgi"], r"Booting worker[^$]*Booting worker") as master,
    ):
        addresses = [f"http://127.0.0.1:{port}" for port in ports.values()]
        running = Web(master, *addresses)
        until(lambda: running.counting() == 2, "both workers to answer")
        yield running


def test_the_workers_count_together(web: Web) -> None:
    for _ in range(100):
        assert web.status(f"{web.public}/privacy/") == 200
    assert {web.answered() for _ in range(10)} == {100}


def test_what_a_killed_worker_counted_stays_and_the_next_goes_on(web: Web) -> None:
    for _ in range(40):
        web.status(f"{web.public}/privacy/")
    killed = web.workers()
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    until(lambda: len(web.workers() - killed) == 2 and not web.workers() & killed, "new workers")
    for _ in range(10):
        web.status(f"{web.public}/privacy/")
    assert web.answered() == 50
    until(lambda: web.counting() == 2, "both to answer, and the dead to be forgotten")


def test_the_counters_go_on_when_gunicorn_reads_its_configuration_anew(web: Web) -> None:
    for _ in range(20):
        web.status(f"{web.public}/privacy/")
    before = web.workers()
    web.master.send_signal(signal.SIGHUP)
    until(lambda: len(web.workers()) == 2 and not web.workers() & before, "new workers")
    assert web.answered() == 20


def test_the_private_port_has_the_metrics_and_nothing_else(web: Web) -> None:
    assert web.status(f"{web.private}/metrics") == 200
    for path in ("/", "/health/", "/ready/", "/accounts/login/", "/metrics/"):
        assert web.status(f"{web.private}{path}") == 404
    assert web.status(f"{web.public}/metrics") == 401
    assert web.status(f"{web.public}/metrics", Host=web.private.removeprefix("http://")) == 401
    assert web.status(f"{web.public}/metrics", Authorization=f"Bearer {TOKEN}") == 200


def test_nothing_is_left_in_memory_when_gunicorn_has_stopped(db: None, tmp_path: Path) -> None:
    with _web(tmp_path) as web:
        folder = next(_mapped(pid) for pid in web.workers())
        assert folder.is_dir()
        web.master.terminate()
        web.master.wait(timeout=60)
        assert not folder.exists()


def _mapped(pid: int) -> Path:
    """The folder of the counters that a process has in its memory."""
    lines = Path(f"/proc/{pid}/maps").read_text().splitlines()
    return next(Path(line.split()[-1]).parent for line in lines if "/foodmood-metrics-" in line)


def test_of_the_dead_there_is_one_file_of_each_kind_however_many_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "shared", tmp_path)
    for pid in range(1, 6):
        for kind in ("counter", "histogram", "gauge_livesum"):
            counted = MmapedDict(str(tmp_path / f"{kind}_{pid}.db"))  # type: ignore[no-untyped-call] # typed in part
            counted.write_value("requests", float(pid), 0.0)  # type: ignore[no-untyped-call] # as above
            counted.close()  # type: ignore[no-untyped-call] # as above
        processes.gather(pid)
    assert {file.name for file in tmp_path.iterdir()} == {"counter_gathered.db", "histogram_gathered.db"}
    values = MmapedDict.read_all_values_from_file(str(tmp_path / "counter_gathered.db"))  # type: ignore[no-untyped-call] # as above
    assert [(key, value) for key, value, *_rest in values] == [("requests", 15.0)]


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(processes, "PLACE", tmp_path)
    monkeypatch.setattr(processes, "shared", None)
    return tmp_path


def old_folder(memory: Path, name: str) -> Path:
    folder = memory / f"{processes.PREFIX}{name}"
    folder.mkdir()
    (folder / "counter_1.db").touch()
    os.utime(folder, (0, 0))
    return folder


def test_what_a_killed_gunicorn_left_in_memory_is_swept_away(memory: Path) -> None:
    left = old_folder(memory, "left")
    others = old_folder(memory, "others").rename(memory / "not-ours")
    processes.share()
    assert not left.exists()
    assert others.exists()


def test_what_another_gunicorn_counts_is_left_alone(memory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    running = processes.share()
    os.utime(running, (0, 0))
    monkeypatch.setattr(processes, "shared", None)
    assert processes.share() != running
    assert running.is_dir()


def test_a_process_that_counted_nothing_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "shared", tmp_path)
    processes.gather(4711)
    assert list(tmp_path.iterdir()) == []


def test_what_is_damaged_is_lost_and_gunicorn_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "shared", tmp_path)
    (tmp_path / "counter_1.db").write_bytes((64).to_bytes(4, "little") + b"\xff" * 60)
    processes.gather(1)
    assert list(tmp_path.iterdir()) == []
