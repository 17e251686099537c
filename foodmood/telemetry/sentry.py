"""What Sentry is told: only what is chosen here. Imported only where SENTRY_DSN is set."""

from collections.abc import Callable
from functools import partial
from logging import LogRecord
from time import monotonic
from typing import Any

import sentry_sdk
from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from sentry_sdk.integrations.argv import ArgvIntegration
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.logging import LoggingIntegration, ignore_logger
from sentry_sdk.integrations.modules import ModulesIntegration
from sentry_sdk.integrations.stdlib import StdlibIntegration
from sentry_sdk.types import Event, Hint

from foodmood.outage import is_outage
from foodmood.telemetry.current import PROBES, method_name, route_name
from foodmood.telemetry.errors import chain, said
from foodmood.telemetry.logs import message
from foodmood.telemetry.people import user_hash
from foodmood.telemetry.request_id import current_request_id

QUIET = 300.0  # seconds

# Of an event; what is not named here stays: breadcrumbs, extras, arguments of the command line, local variables …
KEPT = {
    *("event_id", "type", "timestamp", "start_timestamp", "level", "logger", "platform", "sdk", "release"),
    *("environment", "server_name", "transaction", "transaction_info", "tags", "user", "exception", "logentry"),
    *("contexts", "spans", "measurements", "debug_meta", "fingerprint"),
}
OF_TRACES = {"trace_id", "span_id", "parent_span_id", "op", "status", "origin"}
OF_SPANS = {*OF_TRACES, "description", "start_timestamp", "timestamp", "same_process_as_parent"}

# Not to be gathered in the first place. It is what send_default_pii=False became, and forbids more.
NOTHING: Any = {
    "user_info": False,
    "cookies": {"mode": "off"},
    "http_headers": {"request": {"mode": "off"}},
    "http_bodies": [],
    "url_query_params": {"mode": "off"},
    "database_query_data": False,
    "queues": False,
    "stack_frame_variables": False,
}


def start(*, dsn: str, environment: str, release: str | None, traces: float, profiles: float, **options: Any) -> None:
    """`options` are more of the SDK's own, such as a transport."""
    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        release=release,
        data_collection=NOTHING,
        max_request_body_size="never",
        include_local_variables=False,
        max_breadcrumbs=0,
        traces_sampler=lambda context: 0.0 if _path(context).startswith(_untraced()) else traces,
        profile_lifecycle="trace",
        profile_session_sample_rate=profiles,
        before_send=partial(_error, Outages()),
        before_send_transaction=_transaction,
        before_breadcrumb=lambda _crumb, _hint: None,
        trace_propagation_targets=[],  # whom we talk to need not know
        auto_session_tracking=False,
        auto_enabling_integrations=False,
        integrations=[
            DjangoIntegration(signals_spans=False),
            LoggingIntegration(level=None, sentry_logs_level=None),
            AtexitIntegration(callback=lambda _pending, _timeout: None),  # it would print
        ],
        # The first tells what a command was called with, the last names the addresses that are asked.
        disabled_integrations=[ArgvIntegration(), ModulesIntegration(), StdlibIntegration()],
        **options,
    )
    ignore_logger("django.security.*")  # strangers' faults
    ignore_logger("foodmood.outage")  # the error itself is an event


def named(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: says of whatever comes of the request which one it was, by the names that the log uses."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request_id = current_request_id()

        def name(event: Event, _hint: Hint) -> Event:
            method, route, user = method_name(request), route_name(request), user_hash(request)
            event["transaction"], event["transaction_info"] = route, {"source": "route"}
            event["tags"] = {"request_id": request_id, "method": method, "route": route}
            event["user"] = {"id": user} if user else {}
            return event

        sentry_sdk.get_isolation_scope().add_event_processor(name)
        return get_response(request)

    return middleware


def _path(context: dict[str, Any]) -> str:
    return str(context.get("wsgi_environ", {}).get("PATH_INFO") or context.get("asgi_scope", {}).get("path") or "")


def _untraced() -> tuple[str, ...]:
    static = str(settings.STATIC_URL).removeprefix(settings.FORCE_SCRIPT_NAME or "")
    return (*PROBES, "/metrics", static)


class Outages:
    """Without its database every request fails, and for one reason: one event tells it, then none for a while."""

    def __init__(self) -> None:
        self._told_until = 0.0

    def are_told(self, error: BaseException) -> bool:
        if not (isinstance(error, Error) and is_outage(error)):
            return False
        told = monotonic() < self._told_until
        if not told:
            self._told_until = monotonic() + QUIET
        return told


def _error(outages: Outages, event: Any, hint: Hint) -> Any:
    raised = hint.get("exc_info")
    errors = list(chain(raised[1])) if raised else []
    if errors and outages.are_told(errors[0]):
        return None
    event = _chosen(event)
    shown = event.get("exception", {}).get("values", [])
    for each in shown:
        each["value"] = ""
        each.get("mechanism", {}).pop("data", None)
    if len(errors) == len(shown):
        for each, error in zip(reversed(shown), errors, strict=True):
            each["value"] = said(error)
    event.setdefault("tags", {}).setdefault("request_id", current_request_id() or "none")
    event.pop("logentry", None)
    record = hint.get("log_record")
    if isinstance(record, LogRecord):
        event["logentry"] = {"formatted": message(record)}  # as the log has it
    return event


def _transaction(event: Any, _hint: Hint) -> Any:
    event = _chosen(event)
    event["spans"] = [_only(OF_SPANS, span) for span in event.get("spans", [])]
    return event


def _chosen(event: Any) -> Any:
    chosen = _only(KEPT, event)
    if event.get("transaction_info", {}).get("source") == "url":
        chosen["transaction"] = "unknown"  # it is a path
    contexts = _only({"runtime", "trace"}, event.get("contexts", {}))
    if "trace" in contexts:
        contexts["trace"] = _only(OF_TRACES, contexts["trace"])
    return chosen | {"contexts": contexts}


def _only(names: set[str], given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name in names}
