"""One process of the worker: takes a task, does it, and takes the next."""

import ctypes
import logging
import multiprocessing
import os
import signal
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing.sharedctypes import RawArray, RawValue
from typing import Any
from uuid import UUID

from django import db
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.conf import Conf
from django_q.exceptions import TimeoutException
from django_q.models import Schedule
from django_q.monitor import save_task
from django_q.scheduler import scheduler
from django_q.signals import post_execute, post_execute_in_worker, post_spawn, pre_execute
from django_q.timeout import TimeoutHandler
from django_q.utils import get_func_repr

from foodmood.explanations import explain
from foodmood.tasks.brokers import LEASE, Broker, Delivery, broker
from foodmood.tasks.models import SetAside
from foodmood.telemetry.heart import Heart

logger = logging.getLogger(__name__)

GRACE = 5  # seconds that a task which ran out of time has to end
SLEEP = 3.0  # seconds, at most, before a database or Redis that fails is asked again


class Hand:
    """What a worker has in hand, told to the others by shared memory; without locks, because who dies frees none."""

    def __init__(self) -> None:
        self._id = RawArray(ctypes.c_char, 64)
        self._attempt = RawValue(ctypes.c_int, 0)
        self._until = RawValue(ctypes.c_double, 0)

    def take(self, delivery: Delivery, seconds: int) -> None:
        self._attempt.value, self._until.value = delivery.attempt, time.monotonic() + seconds + GRACE
        self._id.value = delivery.id.encode()

    def empty(self) -> None:
        self._id.value = b""

    @property
    def id(self) -> str:
        return str(self._id.value.decode())

    @property
    def attempt(self) -> int:
        return int(self._attempt.value)

    @property
    def overdue(self) -> bool:
        return bool(self.id) and time.monotonic() > self._until.value


class Life:
    """Of one process: until it is told to stop, or whoever watches over it is gone. It ends between two tasks."""

    def __init__(self) -> None:
        self._parent = parent.pid if (parent := multiprocessing.parent_process()) else None
        self.over = False
        self._failing = 0
        signal.signal(signal.SIGTERM, self._end)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the one that watches tells us

    def _end(self, *_: object) -> None:
        self.over = True

    def goes_on(self) -> bool:
        return not self.over and os.getppid() == self._parent

    @contextmanager
    def outliving_outages(self) -> Iterator[None]:
        """Whatever fails within fails once in the log, and is tried again later, until it goes."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 -- a worker that dies of an outage would be one more of them
            self._failing += 1
            if self._failing == 1:
                logger.error(  # noqa: TRY400 -- one line: how we came here says nothing
                    "The worker can't get at its tasks and goes on trying: %s.", explain(error)
                )
            time.sleep(min(float(self._failing), SLEEP))
        else:
            if self._failing:
                logger.info("The worker gets at its tasks again.")
            self._failing = 0


def work(hand: Hand, interrupted: tuple[str, int] | None) -> None:
    """interrupted: task and attempt of a process that died; this one took its place."""
    life, queue = Life(), broker()
    post_spawn.send(sender="django_q", proc_name=str(os.getpid()))
    tasks = 0
    while life.goes_on() and tasks < Conf.RECYCLE:  # then a new process takes over, with the memory of a new one
        with life.outliving_outages():
            if interrupted:
                queue.postpone(interrupted[0], wait_after(interrupted[1]))
                interrupted = None
            if delivery := queue.claim():
                deliver(delivery, queue, hand, life)
                tasks += 1
            else:
                time.sleep(Conf.POLL)


def keep_time(hands: Sequence[Hand], worker: UUID) -> None:
    """Brings what is scheduled to the queue, renews the leases of what is being worked at, and shows that we live."""
    life, queue, heart = Life(), broker(), Heart(worker)
    renewed = 0.0
    while life.goes_on():
        with life.outliving_outages():
            db.close_old_connections()
            heart.beat()
            queue.ping()
            if Schedule.objects.filter(next_run__lt=timezone.now()).exists():
                scheduler(queue)
            if time.monotonic() > renewed + LEASE.total_seconds() / 4:
                queue.renew([hand.id for hand in hands if hand.id])
                renewed = time.monotonic()
            time.sleep(Conf.POLL)
    heart.stop()


def wait_after(attempt: int) -> timedelta:
    """Ten seconds, a minute, six minutes, half an hour; the last is followed by none."""
    return timedelta(seconds=10 * 6 ** (attempt - 1) if attempt < Conf.MAX_ATTEMPTS else 0)


def deliver(delivery: Delivery, queue: Broker, hand: Hand, life: Life) -> None:
    """Does the task, if it may be tried once more, and says what becomes of it."""
    task = delivery.task()
    if task is None:
        set_aside(None, delivery, queue, "BadSignature")
    elif delivery.attempt > Conf.MAX_ATTEMPTS:  # no failure was ever told: each worker died of it
        set_aside(task, delivery, queue, "WorkerDied")
    else:
        pre_execute.send(sender="django_q", func=task["func"], task=task)
        try:
            started = time.monotonic()
            hand.take(delivery, seconds := task.get("timeout", Conf.TIMEOUT))
            error = execute(task, seconds)
            hand.empty()
            life.over |= isinstance(error, TimeoutException)  # who knows in what state it was left
            settle(task, delivery, queue, error, time.monotonic() - started)
        finally:  # what is logged until here belongs to the task
            post_execute_in_worker.send(sender="django_q", func=task["func"], task=task)
        post_execute.send(sender="django_q", task=task)


def execute(task: dict[str, Any], seconds: int) -> BaseException | None:
    """Does it, and notes in the task how it went, as django-q2 does. Returns what went wrong."""
    db.close_old_connections()
    failure: BaseException | None = None
    try:
        function = import_string(task["func"]) if isinstance(task["func"], str) else task["func"]
        with TimeoutHandler(seconds):
            task["result"] = function(*task["args"], **task["kwargs"])
    except (Exception, TimeoutException) as error:  # noqa: BLE001 -- a task may fail in any way
        failure = error
        task["result"] = f"{error} : {traceback.format_exc()}"
    task |= {"success": failure is None, "stopped": timezone.now(), "cluster": Conf.CLUSTER_NAME}
    return failure


def settle(
    task: dict[str, Any], delivery: Delivery, queue: Broker, error: BaseException | None, seconds: float
) -> None:
    save_task(task, queue)
    if error is None:
        queue.acknowledge(delivery.id)
        ms = round(seconds * 1000, 1)
        level = logging.DEBUG if found_nothing_to_do(task) else logging.INFO
        logger.log(level, "%s: done in %d ms.", get_func_repr(task["func"]), ms, extra={"ms": ms})
    elif delivery.attempt >= Conf.MAX_ATTEMPTS:
        set_aside(task, delivery, queue, type(error).__name__, error)
    else:
        wait = wait_after(delivery.attempt)
        queue.postpone(delivery.id, wait)
        logger.log(
            logging.ERROR if delivery.attempt == 1 else logging.WARNING,  # told once; and again when it is set aside
            "%s: failed (%s), attempt %d of %d; tried again in %d s.",
            get_func_repr(task["func"]),
            type(error).__name__,
            delivery.attempt,
            Conf.MAX_ATTEMPTS,
            wait.total_seconds(),
            exc_info=error,
        )


def found_nothing_to_do(task: dict[str, Any]) -> bool:
    """Whether it runs every few minutes and returned 0: an idle worker writes no line about it."""
    return "minutes" in settings.SCHEDULES.get(task.get("group"), {}) and not task["result"]


def set_aside(
    task: dict[str, Any] | None, delivery: Delivery, queue: Broker, error: str, cause: BaseException | None = None
) -> None:
    attempts = min(delivery.attempt, Conf.MAX_ATTEMPTS)
    row = SetAside.objects.note(task=task, payload=delivery.payload, attempts=attempts, error=error)
    queue.acknowledge(delivery.id)
    logger.error("%s: set aside as %s after %d attempt(s) (%s).", row.func, row, attempts, error, exc_info=cause)
