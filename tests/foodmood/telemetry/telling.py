"""What FoodMood tells those who operate it: its log in both forms, and Sentry."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

import sentry_sdk
from django.test.client import ClientHandler
from sentry_sdk.envelope import Envelope
from sentry_sdk.integrations.wsgi import SentryWsgiMiddleware
from sentry_sdk.transport import Transport

from foodmood.telemetry import sentry
from foodmood.telemetry.logs import Json, Once, Plain


@dataclass
class Log:
    json: StringIO = field(default_factory=StringIO)
    plain: StringIO = field(default_factory=StringIO)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.json.getvalue().splitlines()]

    @property
    def text(self) -> str:
        return self.json.getvalue() + self.plain.getvalue()

    def of(self, logger: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["logger"] == logger]


@contextmanager
def logged() -> Iterator[Log]:
    """All that is logged within, whatever its level, as handlers write it."""
    log, root, handlers = Log(), logging.getLogger(), []
    levels = {name: logging.getLogger(name).level for name in (None, "apps", "foodmood")}
    for stream, formatter in ((log.json, Json()), (log.plain, Plain())):
        handler = logging.StreamHandler(stream)
        handler.setFormatter(formatter)
        handler.addFilter(Once())
        handlers.append(handler)
        root.addHandler(handler)
    for name in levels:
        logging.getLogger(name).setLevel(logging.DEBUG)
    try:
        yield log
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
        for handler in handlers:
            root.removeHandler(handler)


class Sentry(Transport):
    """Keeps what would have been sent."""

    def __init__(self) -> None:
        super().__init__()
        self.envelopes: list[Envelope] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.envelopes.append(envelope)

    @property
    def text(self) -> str:
        return b"\n".join(envelope.serialize() for envelope in self.envelopes).decode()

    @property
    def errors(self) -> list[dict[str, Any]]:
        return [dict(event) for envelope in self.envelopes if (event := envelope.get_event())]

    @property
    def transactions(self) -> list[dict[str, Any]]:
        return [dict(event) for envelope in self.envelopes if (event := envelope.get_transaction_event())]


@contextmanager
def told_to_sentry(traces: float = 1.0) -> Iterator[Sentry]:
    """Within, Django's test client is watched like a server. MIDDLEWARE holds `foodmood.telemetry.sentry.named`."""
    transport, answer = Sentry(), ClientHandler.__call__

    def watched(handler: ClientHandler, environ: dict[str, Any]) -> Any:
        answers = []

        def application(environ: dict[str, Any], _start_response: Any) -> list[bytes]:
            answers.append(answer(handler, environ))
            return []

        SentryWsgiMiddleware(application)(environ, lambda *_: None)
        return answers[0]

    sentry.start(
        dsn="https://key@sentry.invalid/1",
        environment="test",
        release="1",
        traces=traces,
        profiles=0,  # the SDK's profiler may crash Python 3.11 itself: getsentry/sentry-python#6119
        transport=transport,
    )
    ClientHandler.__call__ = watched  # type: ignore[assignment,method-assign] # for as long as it takes
    try:
        yield transport
    finally:
        ClientHandler.__call__ = answer  # type: ignore[method-assign] # as above
        sentry_sdk.get_client().close()
        sentry_sdk.get_global_scope().set_client(None)
