"""What each request took: seen once, from outside all other middleware, for the log and for the metrics."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPMethod
from time import perf_counter

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from foodmood.telemetry import metrics
from foodmood.telemetry.queries import measured
from foodmood.telemetry.request_id import HEADER, request_id

logger = logging.getLogger(__name__)

PROBES = {"/health/": "health", "/ready/": "ready", "/metrics": "metrics"}


@dataclass(frozen=True, slots=True)
class Observation:
    """`method` and `route` are of a few known words, whatever a stranger sends: they are labels of metrics."""

    method: str
    route: str
    status: int
    seconds: float
    queries: int
    query_seconds: float


def observed(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: names the request, and notes what it took."""

    def middleware(request: HttpRequest) -> HttpResponse:
        started = perf_counter()
        with request_id(request.headers.get(HEADER)) as name, measured() as queries:
            response = get_response(request)
            response.headers[HEADER] = name
            seen = Observation(
                method=request.method if request.method in set(HTTPMethod) else "OTHER",
                route=route_name(request),
                status=response.status_code,
                seconds=perf_counter() - started,
                queries=queries.count,
                query_seconds=queries.seconds,
            )
            _log(seen)
            metrics.observe(seen)
        return response

    return middleware


def route_name(request: HttpRequest) -> str:
    """The name of its URL pattern, never the path: links of mails are paths, and paths are without number."""
    if request.path in PROBES:
        return PROBES[request.path]
    if request.resolver_match:
        return request.resolver_match.view_name or "unnamed"
    return "static" if request.path.startswith(str(settings.STATIC_URL)) else "unknown"


def _log(seen: Observation) -> None:
    level = logging.DEBUG if seen.route in PROBES.values() else logging.INFO
    logger.log(level, "%s %s %d", seen.method, seen.route, seen.status)
