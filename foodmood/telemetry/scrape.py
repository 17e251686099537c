"""/metrics: what Prometheus reads. docs/adr/0017 says how several processes answer as one."""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from foodmood.telemetry import processes
from foodmood.telemetry.state import State

TRIES = 5


def knows_token(request: HttpRequest) -> bool:
    token = settings.MONITORING_TOKEN
    return bool(token) and constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}")


def is_on_metrics_port(request: HttpRequest) -> bool:
    """By the socket itself: a header can claim any port."""
    socket = request.META.get("gunicorn.socket") if settings.METRICS_PORT else None
    if socket is None:
        return False
    address = socket.getsockname()
    return isinstance(address, tuple) and address[1] == settings.METRICS_PORT


def metrics(request: HttpRequest) -> HttpResponse:
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    if not (is_on_metrics_port(request) or knows_token(request)):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer", "Cache-Control": "no-store"})
    text = b"".join(generate_latest(registry) for registry in (_counted(), _state))
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


class Together(Collector):
    """What all processes counted. If one went while it was read, it is read again, so that nothing counts twice."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def collect(self) -> Iterable[Metric]:
        counted: Iterable[Metric] = []
        for _ in range(TRIES):
            before = self._files()
            try:
                counted = MultiProcessCollector(None, str(self.folder)).collect()  # type: ignore[no-untyped-call] # published with types in part
            except FileNotFoundError:
                continue
            if before == self._files():
                break
        return counted

    def _files(self) -> set[tuple[str, int]]:
        return {(file.name, file.inode()) for file in processes.files(self.folder)}


def _counted() -> CollectorRegistry:
    if processes.shared is None:
        return REGISTRY
    registry = CollectorRegistry()
    registry.register(Together(processes.shared))
    return registry


_state = CollectorRegistry()
_state.register(State())
