"""Probes for whoever keeps FoodMood running: a platform's router, a container engine, a person with curl."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from foodmood.database import reason
from foodmood.static import not_collected

logger = logging.getLogger(__name__)

Respond = Callable[[HttpRequest], HttpResponse]


def probes(get_response: Respond) -> Respond:
    """Middleware that answers /health/ (this process serves) and /ready/ (it can do its work).

    It stands first, because a probe comes with no known host name, without HTTPS and without a session.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path == "/health/":
            return _answer({"status": "ok"})
        if request.path == "/ready/":
            return ready()
        return get_response(request)

    return middleware


def ready() -> HttpResponse:
    """200 when requests can be served, else 503. Strangers learn no more than that; the log says why."""
    try:
        unapplied = _unapplied_migrations()
    except DatabaseError as error:
        logger.error("Not ready: the database can't be reached: %s", reason(error))  # noqa: TRY400 -- the stack says nothing more
        return _answer({"status": "not ready"}, status=503)
    if unapplied:
        logger.error(
            "Not ready: %d migration(s) are not applied: run `python manage.py release`. If that is all of them, the"
            " database is new or empty: is it the right one, and its disk mounted?",
            unapplied,
        )
        return _answer({"status": "not ready"}, status=503)
    if not settings.DEBUG and (problem := not_collected()):
        logger.error("Not ready: %s", problem)
        return _answer({"status": "not ready"}, status=503)
    try:
        cache.get("ready")
    except DatabaseError as error:
        logger.error("Degraded: the cache can't be read: %s", reason(error))  # noqa: TRY400 -- as above
        return _answer({"status": "degraded"})
    return _answer({"status": "ready"})


def _unapplied_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _answer(body: dict[str, str], status: int = 200) -> HttpResponse:
    return JsonResponse(body, status=status, headers={"Cache-Control": "no-store"})
