"""A task is done at least once, with either broker; what can't be done is set aside."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django_q.conf import Conf
from django_q.models import Failure, Task
from django_q.tasks import async_task

from foodmood.tasks import brokers, redis_broker, worker
from foodmood.tasks.brokers import DatabaseBroker, Delivery
from foodmood.tasks.models import SetAside
from foodmood.tasks.redis_broker import RedisBroker
from foodmood.tasks.worker import Hand, Life, deliver, wait_after
from tests.at_once import at_once
from tests.foodmood.redis_server import redis_server
from tests.foodmood.tasks.doings import lines

pytestmark = pytest.mark.django_db(transaction=True)  # between two tasks connections may be closed

DOINGS = "tests.foodmood.tasks.doings"


@pytest.fixture(params=["database", "redis"])
def queue(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DatabaseBroker | RedisBroker]:
    if request.param == "database":
        yield DatabaseBroker()
        return
    with redis_server(tmp_path) as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr(Conf, "REDIS", f"{server.url}?socket_timeout=60")  # how patient we are is not the question here
        yield RedisBroker()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "lines"


@pytest.fixture
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No wait between attempts."""
    monkeypatch.setattr(worker, "wait_after", lambda _: timedelta())


def work(queue: DatabaseBroker | RedisBroker, monkeypatch: pytest.MonkeyPatch) -> int:
    """What one process does until nothing is due; how many deliveries that were."""
    monkeypatch.setattr(Life, "__init__", lambda life: setattr(life, "over", False))
    number = 0
    while delivery := queue.claim():
        deliver(delivery, queue, Hand(), Life())
        number += 1
    return number


def claimed(queue: DatabaseBroker | RedisBroker) -> Delivery:
    delivery: Delivery | None = queue.claim()
    assert delivery is not None
    return delivery


def test_a_task_is_done_once(queue: RedisBroker, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async_task(f"{DOINGS}.note", str(file), broker=queue)
    assert queue.queue_size() == 1
    assert work(queue, monkeypatch) == 1
    assert lines(file) == ["done"]
    assert (queue.queue_size(), queue.lock_size()) == (0, 0)
    assert Task.objects.get().success


def test_what_one_worker_has_in_hand_no_other_gets(queue: RedisBroker, file: Path) -> None:
    async_task(f"{DOINGS}.note", str(file), broker=queue)
    claimed(queue)
    assert queue.claim() is None
    assert (queue.queue_size(), queue.lock_size()) == (0, 1)


def test_what_a_worker_had_in_hand_when_it_was_gone_is_delivered_again(
    queue: RedisBroker, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (brokers, redis_broker):
        monkeypatch.setattr(module, "LEASE", timedelta())
    async_task(f"{DOINGS}.note", str(file), broker=queue)
    assert claimed(queue).attempt == 1
    again = claimed(queue)
    assert again.attempt == 2
    monkeypatch.undo()
    queue.renew([again.id])
    assert queue.claim() is None


def test_what_is_done_is_not_brought_back_by_a_late_renewal(queue: RedisBroker, file: Path) -> None:
    async_task(f"{DOINGS}.note", str(file), broker=queue)
    done = claimed(queue)
    queue.acknowledge(done.id)
    queue.renew([done.id])
    queue.postpone(done.id, timedelta())
    assert (queue.queue_size(), queue.lock_size()) == (0, 0)


def test_a_failure_is_tried_again_later(
    queue: RedisBroker, file: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async_task(f"{DOINGS}.fail", str(file), broker=queue)
    assert work(queue, monkeypatch) == 1
    assert (queue.queue_size(), queue.lock_size()) == (0, 1)
    assert f"{DOINGS}.fail: failed (UnluckyError), attempt 1 of 5; tried again in 10 s." in caplog.messages


def test_each_wait_is_longer() -> None:
    waits = [wait_after(attempt) for attempt in range(1, Conf.MAX_ATTEMPTS)]
    assert waits == [timedelta(seconds=seconds) for seconds in (10, 60, 360, 2160)]


@pytest.mark.usefixtures("_at_once")
def test_what_keeps_failing_is_set_aside_and_others_go_on(
    queue: RedisBroker, file: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async_task(f"{DOINGS}.fail", str(file), broker=queue)
    async_task(f"{DOINGS}.note", str(file), broker=queue)
    assert work(queue, monkeypatch) == Conf.MAX_ATTEMPTS + 1
    assert sorted(lines(file)) == ["done"] + ["failed"] * Conf.MAX_ATTEMPTS
    assert (queue.queue_size(), queue.lock_size()) == (0, 0)
    row = SetAside.objects.get()
    assert (row.func, row.attempts, row.last_error) == (f"{DOINGS}.fail", 5, "UnluckyError")
    assert Failure.objects.get().attempt_count == Conf.MAX_ATTEMPTS
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == [
        f"{DOINGS}.fail: failed (UnluckyError), attempt 1 of 5; tried again in 0 s.",
        f"{DOINGS}.fail: set aside as task {row.pk} after 5 attempt(s) (UnluckyError).",
    ]


def test_what_every_worker_dies_of_is_set_aside(
    queue: RedisBroker, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async_task(f"{DOINGS}.die", str(file), broker=queue)
    for _ in range(Conf.MAX_ATTEMPTS):
        queue.postpone(claimed(queue).id, timedelta())
    assert work(queue, monkeypatch) == 1
    assert lines(file) == []
    assert SetAside.objects.get().last_error == "WorkerDied"
    assert (queue.queue_size(), queue.lock_size()) == (0, 0)


@pytest.mark.usefixtures("_at_once")
def test_what_fails_again_and_again_is_one_row_that_counts(
    queue: RedisBroker, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        async_task(f"{DOINGS}.fail", str(file), broker=queue)
    async_task(f"{DOINGS}.fail", f"{file}.other", broker=queue)
    work(queue, monkeypatch)
    assert sorted(SetAside.objects.values_list("times", flat=True)) == [1, 3]


def test_of_what_a_former_secret_key_signed_each_is_set_aside_and_can_be_tried_again(
    queue: RedisBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue.enqueue("signed by a former key")
    queue.enqueue("signed by it, too")
    work(queue, monkeypatch)
    rows = SetAside.objects.order_by("first_at")
    assert [row.fresh() for row in rows] == ["signed by a former key", "signed by it, too"]
    assert {(row.func, row.times, row.last_error) for row in rows} == {("?", 1, "BadSignature")}
    assert (queue.queue_size(), queue.lock_size()) == (0, 0)


def test_a_task_that_takes_too_long_has_failed_and_its_process_ends(
    queue: RedisBroker, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Life, "__init__", lambda life: setattr(life, "over", False))
    life = Life()
    never = str(tmp_path / "never")
    async_task(f"{DOINGS}.wait_for", str(file), never, q_options={"timeout": 1}, broker=queue)
    deliver(claimed(queue), queue, Hand(), life)
    assert life.over
    assert (queue.queue_size(), queue.lock_size()) == (0, 1)


def test_of_many_workers_each_gets_another_task(queue: RedisBroker, file: Path) -> None:
    for _ in range(6):
        async_task(f"{DOINGS}.note", str(file), broker=queue)
    got: list[str] = []
    assert at_once([lambda: got.append(claimed(type(queue)()).id)] * 6) == [None] * 6
    assert len(set(got)) == 6
