"""The worker's real processes, killed in every way, on the database the tests run on."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.foodmood.processes import Site, children, new_site, signal_all, until
from tests.foodmood.redis_server import redis_server
from tests.foodmood.tasks.doings import lines

pytestmark = pytest.mark.django_db

DOINGS = "tests.foodmood.tasks.doings"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with new_site(tmp_path) as site:
        yield site


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "lines"


def run(site: Site, code: str) -> None:
    site.manage("shell", "--verbosity=0", "--command", f"from django_q.tasks import async_task; {code}")


def leave(site: Site, doing: str, *arguments: Path) -> None:
    """For the worker."""
    run(site, f"async_task('{DOINGS}.{doing}', *{[str(argument) for argument in arguments]})")


def leases_pass(site: Site) -> None:
    run(
        site, "from django_q.models import OrmQ; from django.utils.timezone import now; OrmQ.objects.update(lock=now())"
    )


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False


def pid_in(line: str) -> int:
    return int(line.removeprefix("begun "))


@contextmanager
def task_in_hand(site: Site, file: Path, go: Path) -> Iterator[int]:
    """A task that waits for the file `go`; the process that has it in hand."""
    leave(site, "wait_for", file, go)
    until(lambda: len(lines(file)) == 1, "a worker to begin")
    yield pid_in(lines(file)[0])


def test_a_task_whose_process_is_killed_is_done_by_the_next_one(site: Site, file: Path, tmp_path: Path) -> None:
    go = tmp_path / "go"
    with site.worker(), task_in_hand(site, file, go) as pid:
        os.kill(pid, signal.SIGKILL)
        go.touch()
        until(lambda: "done" in lines(file), "the next process")
        until(lambda: site.rows("SELECT 1 FROM django_q_ormq") == [], "the task to be done")
    assert len(lines(file)) == 3  # begun, begun again, done


def test_a_task_whose_whole_worker_is_killed_is_done_by_the_next_worker(site: Site, file: Path, tmp_path: Path) -> None:
    go = tmp_path / "go"
    with site.worker() as worker, task_in_hand(site, file, go):
        signal_all(worker, signal.SIGKILL)
    go.touch()
    leases_pass(site)
    with site.worker():
        until(lambda: "done" in lines(file), "the next worker")
        until(lambda: site.rows("SELECT 1 FROM django_q_ormq") == [], "the task to be done")
    assert len(lines(file)) == 3


def test_a_task_that_kills_each_process_is_set_aside_while_others_are_done(site: Site, file: Path) -> None:
    other = file.with_name("others")

    def is_set_aside() -> bool:
        leases_pass(site)
        return site.ask("SetAside.objects.count()") == "1"

    with site.worker():
        leave(site, "die", file)
        until(lambda: lines(file) == ["died"], "the first death")
        leave(site, "note", other)
        until(lambda: lines(other) == ["done"], "another task")
        until(is_set_aside, "it to be set aside")
        until(lambda: len(lines(file)) == 5, "the last death")  # with its lease taken away, it may come after that
    assert site.ask("SetAside.objects.values_list('func', 'attempts', 'last_error')[0]") == (
        f"('{DOINGS}.die', 5, 'WorkerDied')"
    )


def test_a_task_that_hears_no_end_of_its_time_is_ended_with_its_process(site: Site, file: Path) -> None:
    with site.worker():
        run(site, f"async_task('{DOINGS}.be_deaf', '{file}', q_options={{'timeout': 1}})")
        until(lambda: len(lines(file)) == 1, "a worker to begin")
        until(lambda: not is_alive(pid_in(lines(file)[0])), "its end")


def test_an_idle_process_that_is_killed_keeps_no_other_from_working(site: Site, file: Path) -> None:
    """With django-q2's own processes the dead one would keep the lock of their queue."""
    with site.worker() as worker:
        before = children(worker)
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        until(lambda: len(children(worker)) == len(before) and not set(children(worker)) & set(before), "new ones")
        leave(site, "note", file)
        until(lambda: lines(file) == ["done"], "the task")


def test_who_is_left_behind_by_a_killed_worker_ends(site: Site, file: Path, tmp_path: Path) -> None:
    with site.worker() as worker:
        left = children(worker)
        worker.kill()
        until(lambda: not any(is_alive(pid) for pid in left), "all to end")


def test_a_task_in_hand_is_finished_before_the_worker_stops(site: Site, file: Path, tmp_path: Path) -> None:
    go = tmp_path / "go"
    with site.worker() as worker, task_in_hand(site, file, go):
        signal_all(worker, signal.SIGTERM)
        go.touch()
        assert worker.wait(timeout=60) == 0
    assert lines(file)[1:] == ["done"]
    assert site.rows("SELECT 1 FROM django_q_ormq") == []


def test_with_redis_between_a_killed_process_loses_nothing_and_an_outage_is_outlived(tmp_path: Path) -> None:
    file, go = tmp_path / "lines", tmp_path / "go"
    with (
        redis_server(tmp_path) as redis,
        new_site(tmp_path, TASK_BROKER="redis", REDIS_URL=redis.url) as site,
        site.worker() as worker,
    ):
        with task_in_hand(site, file, go) as pid:
            os.kill(pid, signal.SIGKILL)
            go.touch()
            until(lambda: "done" in lines(file), "the next process")
        processes = children(worker)
        redis.stop()
        log = next(site.folder.glob("worker.*.log"))
        until(lambda: "can't get at its tasks" in log.read_text(), "the outage to be noticed")
        redis.start()
        leave(site, "note", file)
        until(lambda: len(lines(file)) == 4, "the task")
        assert children(worker) == processes
