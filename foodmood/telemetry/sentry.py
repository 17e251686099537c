"""What Sentry is told: only what is chosen here. Imported only where SENTRY_DSN is set."""

import os
from collections.abc import Callable
from logging import LogRecord
from typing import Any

import sentry_sdk
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from sentry_sdk.integrations.argv import ArgvIntegration
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.logging import LoggingIntegration, ignore_logger
from sentry_sdk.integrations.modules import ModulesIntegration
from sentry_sdk.integrations.stdlib import StdlibIntegration
from sentry_sdk.types import Event, Hint

from foodmood.telemetry.current import PROBES, method_name, route_name
from foodmood.telemetry.errors import chain, said
from foodmood.telemetry.logs import message
from foodmood.telemetry.people import user_hash
from foodmood.telemetry.request_id import current_request_id

# Of an event; what is not named here stays: breadcrumbs, extras, arguments of the command line, local variables …
KEPT = {
    *("event_id", "type", "timestamp", "start_timestamp", "level", "logger", "platform", "sdk", "release"),
    *("environment", "server_name", "transaction", "transaction_info", "tags", "user", "exception", "logentry"),
    *("contexts", "spans", "measurements", "debug_meta", "fingerprint"),
}
OF_TRACES = {"trace_id", "span_id", "parent_span_id", "op", "status", "origin"}
OF_SPANS = {*OF_TRACES, "description", "start_timestamp", "timestamp", "same_process_as_parent"}

# Not to be gathered in the first place. It is what send_default_pii=False became, and forbids more.
NOTHING: dict[str, Any] = {
    "user_info": False,
    "cookies": {"mode": "off"},
    "http_headers": {"request": {"mode": "off"}},
    "http_bodies": [],
    "url_query_params": {"mode": "off"},
    "database_query_data": False,
    "queues": False,
    "stack_frame_variables": False,
}


def start(  # noqa: PLR0913 -- they are the settings
    *, dsn: str, environment: str, release: str | None, traces: float, profiles: float, **options: Any
) -> None:
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
        before_send=_error,
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
    return (*PROBES, "/metrics", str(settings.STATIC_URL))


def _error(event: Event, hint: Hint) -> Event:
    event = _chosen(event)
    errors = list(chain(hint["exc_info"][1])) if hint.get("exc_info") else []
    shown: list[dict[str, Any]] = event.get("exception", {}).get("values", [])
    for each, error in zip(reversed(shown), errors, strict=False):
        each["value"] = said(error)
    for each in shown:
        if len(errors) != len(shown):
            each["value"] = ""
        each.get("mechanism", {}).pop("data", None)
        for frame in each.get("stacktrace", {}).get("frames", []):
            frame.pop("vars", None)
    if event.get("tags", {}).get("request_id") is None and current_request_id():
        event["tags"] = event.get("tags", {}) | {"request_id": current_request_id()}
    record = hint.get("log_record")
    event.pop("logentry", None)
    if isinstance(record, LogRecord):
        event["logentry"] = {"formatted": message(record)}
    return event


def _transaction(event: Event, _hint: Hint) -> Event:
    event = _chosen(event)
    event["spans"] = [
        {name: value for name, value in span.items() if name in OF_SPANS} for span in event.get("spans", [])
    ]
    return event


def _chosen(event: Event) -> Event:
    chosen = {name: value for name, value in event.items() if name in KEPT}
    if event.get("transaction_info", {}).get("source") == "url":
        chosen["transaction"] = "unknown"  # it is a path
    contexts = event.get("contexts", {})
    chosen["contexts"] = {name: contexts[name] for name in ("runtime", "os") if name in contexts}
    if "trace" in contexts:
        chosen["contexts"]["trace"] = {
            name: value for name, value in contexts["trace"].items() if name in OF_TRACES
        }
    return chosen
