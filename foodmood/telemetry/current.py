"""The request at hand, as the log, the metrics and Sentry may name it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from http import HTTPMethod

from django.conf import settings
from django.http import HttpRequest

PROBES = {"/health/": "health", "/ready/": "ready", "/metrics": "metrics"}

_METHODS = frozenset(HTTPMethod)
_current: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


def current_request() -> HttpRequest | None:
    return _current.get()


@contextmanager
def at_hand(request: HttpRequest) -> Iterator[None]:
    token = _current.set(request)
    try:
        yield
    finally:
        _current.reset(token)


def method_name(request: HttpRequest) -> str:
    return str(request.method) if request.method in _METHODS else "OTHER"


def route_name(request: HttpRequest) -> str:
    """The name of its URL pattern, never the path: links of mails are paths, and paths are without number."""
    if request.path_info in PROBES:
        return PROBES[request.path_info]
    if request.resolver_match:
        return request.resolver_match.view_name or "unnamed"
    return "static" if request.path.startswith(str(settings.STATIC_URL)) else "unknown"
