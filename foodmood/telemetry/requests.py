"""What each request took: seen once, from outside all other middleware, for the log and for the metrics."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from time import perf_counter

from django.http import HttpRequest, HttpResponse

from foodmood.telemetry import metrics
from foodmood.telemetry.current import PROBES, at_hand, method_name, route_name
from foodmood.telemetry.people import client_name, user_hash
from foodmood.telemetry.queries import measured
from foodmood.telemetry.request_id import HEADER, request_id

logger = logging.getLogger(__name__)


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
        with request_id(request.headers.get(HEADER)) as name, at_hand(request), measured() as queries:
            response = get_response(request)
            response.headers[HEADER] = name
            seen = Observation(
                method=method_name(request),
                route=route_name(request),
                status=response.status_code,
                seconds=perf_counter() - started,
                queries=queries.count,
                query_seconds=queries.seconds,
            )
            _log(seen, request)
            metrics.observe(seen)
        return response

    return middleware


def _log(seen: Observation, request: HttpRequest) -> None:
    """One line. A fault of ours has another beside it, from Django, with the stack."""
    level = logging.WARNING if seen.status >= HTTPStatus.BAD_REQUEST else logging.INFO
    if seen.route in PROBES.values():
        level = logging.DEBUG
    if not logger.isEnabledFor(level):
        return
    ms, query_ms = round(1000 * seen.seconds, 1), round(1000 * seen.query_seconds, 1)
    logger.log(
        level,
        "%s %s %d in %.0f ms, %d queries in %.0f ms",
        *(seen.method, seen.route, seen.status, ms, seen.queries, query_ms),
        extra={
            "status": seen.status,
            "ms": ms,
            "queries": seen.queries,
            "query_ms": query_ms,
            "client": client_name(request),
            "user": user_hash(request),
        },
    )
