"""Probes for whoever keeps FoodMood running: a router, a container engine, Prometheus, a person with curl."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse

from foodmood import readiness
from foodmood.telemetry.scrape import is_on_metrics_port, knows_token, metrics

Respond = Callable[[HttpRequest], HttpResponse]


def probes(get_response: Respond) -> Respond:
    """Middleware that answers /health/ (this process serves), /ready/ (it can do its work) and /metrics.

    It stands first, because a probe comes with no known host name, without HTTPS and without a session.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if is_on_metrics_port(request):
            return metrics(request) if request.path_info == "/metrics" else HttpResponseNotFound()
        if request.path_info == "/health/":
            return _answer({"status": "ok"})
        if request.path_info == "/ready/":
            return ready(request)
        if request.path_info == "/metrics" and settings.MONITORING_TOKEN:
            return metrics(request)
        return get_response(request)

    return middleware


def ready(request: HttpRequest) -> HttpResponse:
    """503 when no request can be served, else 200. Which part is not well, and why, learns who has the token."""
    found = readiness.look()
    status = readiness.status(found)
    body: dict[str, object] = {"status": status}
    if knows_token(request):
        body["parts"] = {finding.part: finding.problem or "ok" for finding in found}
    answer = _answer(body, status=503 if status == "not ready" else 200)
    answer._has_been_logged = True  # type: ignore[attr-defined] # noqa: SLF001 -- Django would, at each probe; readiness does once
    return answer


def _answer(body: dict[str, object], status: int = 200) -> HttpResponse:
    return JsonResponse(body, status=status, headers={"Cache-Control": "no-store"})
