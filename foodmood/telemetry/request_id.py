"""One name for one request, in its answer, in every line of the log about it, and in what it leaves to the worker."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import uuid4

HEADER = "X-Request-ID"
_ACCEPTED = re.compile(r"[\w-]{8,128}", re.ASCII)
_current: ContextVar[str] = ContextVar("request_id", default="")


def current_request_id() -> str:
    """Of the request, or of what it left to the worker; "" outside of both."""
    return _current.get()


def name_for(given: str | None) -> str:
    """What the request brought, if that is a name; else a new one."""
    return given if given and _ACCEPTED.fullmatch(given) else uuid4().hex


@contextmanager
def request_id(given: str | None) -> Iterator[str]:
    """Within, the request has its name."""
    name = name_for(given)
    token = _current.set(name)
    try:
        yield name
    finally:
        _current.reset(token)


def become(name: str) -> None:
    """From now on what is done here is of that request: for the worker, which has no place for a `with`."""
    _current.set(name)
