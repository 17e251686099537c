"""What a request leaves to the worker keeps the request's name, and each task gets its line."""

import logging
from time import perf_counter
from typing import Any
from uuid import uuid4

from django_q.signals import post_execute_in_worker, pre_enqueue, pre_execute
from django_q.utils import get_func_repr

from foodmood.telemetry import request_id

logger = logging.getLogger(__name__)

KEY = "request_id"
_STARTED = "_started"


def connect() -> None:
    pre_enqueue.connect(_carry)
    pre_execute.connect(_begin)
    post_execute_in_worker.connect(_end)


def _carry(task: dict[str, Any], **_signal: Any) -> None:
    if name := request_id.current_request_id():
        task[KEY] = name


def _begin(task: dict[str, Any], **_signal: Any) -> None:
    """A worker has one task at a time: what it logs until the end belongs to it."""
    request_id.become(task.get(KEY) or uuid4().hex)
    task[_STARTED] = perf_counter()


def _end(task: dict[str, Any], **_signal: Any) -> None:
    ms = round(1000 * (perf_counter() - task.pop(_STARTED)), 1)
    if task["success"]:
        logger.info("%s done in %.0f ms", get_func_repr(task["func"]), ms, extra={"ms": ms})
    request_id.become("")


class FailedTasks:
    """For django-q2, which calls it where it caught a task's error: that goes to the log, and from there to Sentry."""

    def report(self) -> None:
        logger.exception("A task failed.")  # noqa: LOG004 -- see above
