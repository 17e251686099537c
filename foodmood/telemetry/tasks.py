"""What a request leaves to the worker keeps the request's name."""

from typing import Any
from uuid import uuid4

from django_q.signals import post_execute_in_worker, pre_enqueue, pre_execute

from foodmood.telemetry import request_id

KEY = "request_id"


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


def _end(**_signal: Any) -> None:
    request_id.become("")
