"""The log: one line for one thing, as JSON or for people, and nothing in it that somebody wrote.

A line holds chosen fields only, and of errors what telemetry/errors.py lets through.
"""

import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from pythonjsonlogger.json import JsonFormatter

from foodmood.telemetry.current import current_request, method_name, route_name
from foodmood.telemetry.errors import chain, said, stack
from foodmood.telemetry.request_id import current_request_id

# What a line may be given as `extra`.
OF_REQUESTS = ("status", "ms", "queries", "query_ms", "client", "user")

STRANGERS_FAULTS = (BadRequest, SuspiciousOperation, MultiPartParserError)

_URL = re.compile(r"(https?://)(?:[^\s/@'\"]*@)?([^\s/?#'\"]+)[/?#][^\s'\"]*")

# Django quotes the header that does not match, whatever it holds.
_ORIGIN = re.compile(r"(?<=checking failed - )(?!https?://).+?(?= does not match)", re.DOTALL)


class Once(logging.Filter):
    """Leaves out what another line says, and calls a stranger's fault no error of ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if record.name == "django.request" and (error is None or isinstance(error, PermissionDenied)):
            return False  # the request's own line has its status
        if record.name == "django-q" and record.funcName in {"monitor", "scheduler"} and record.levelno < logging.ERROR:
            return False  # tasks/worker.py says what became of a task, where its request is known
        if _is_strangers_fault(error, record):
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


class Json(JsonFormatter):
    def format(self, record: logging.LogRecord) -> str:
        return self.serialize_log_record(fields(record))


class Plain(logging.Formatter):
    """For people: `12:30:59 INFO foodmood.mail: … [request]`, further lines set in, so that none can be forged."""

    def format(self, record: logging.LogRecord) -> str:
        line = fields(record)
        where = " ".join(line[name] for name in ("request_id", "user") if name in line)
        head = f"{line['time'][:19]} {line['level']} {line['logger']}: {line['message']}" + (where and f" [{where}]")
        return "\n".join([head, *filter(None, [line.get("exc")])]).replace("\n", "\n    ")


def fields(record: logging.LogRecord) -> dict[str, Any]:
    """What a line holds, in this order; what is not known is not there."""
    request = _request(record)
    line = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
        "message": message(record),
        "request_id": current_request_id() or None,
        "method": request and method_name(request),
        "route": request and route_name(request),
        **{name: getattr(record, name, None) for name in OF_REQUESTS},
        "exc": _stack(record),
    }
    return {name: value for name, value in line.items() if value is not None}


def message(record: logging.LogRecord) -> str:
    """A record's text with routes for paths, hosts for URLs, and of errors what may be said."""
    if isinstance(record.args, tuple):
        args = tuple(_argument(each, record.name) for each in record.args)
        text = str(record.msg) % args if args else str(record.msg)
    else:
        text = record.getMessage()
    quoted = [sys.exc_info()[1], record.exc_info[1] if record.exc_info else None]
    told: dict[str, str] = {}
    for error in (each for first in quoted for each in chain(first)):
        # An exit has a number for its text, which is in many. Of the driver's errors Django's have the same words.
        if (quote := str(error).strip()) and not isinstance(error, SystemExit):
            told.setdefault(quote, said(error))
    for quote, instead in told.items():
        text = text.replace(quote, instead)
    request = _request(record)
    if request and request.path.strip("/"):
        for path in (request.path, request.path.encode("unicode_escape").decode()):  # as Django writes it
            text = text.replace(path, route_name(request))
    return _URL.sub(r"\1\2/…", _ORIGIN.sub("…", text))


def _argument(value: object, logger: str) -> object:
    if isinstance(value, BaseException):
        return said(value)
    if logger == "gunicorn.error" and isinstance(value, str) and value.startswith("/"):
        return "…"  # the address of a request that never came to Django
    return value


def _request(record: logging.LogRecord) -> HttpRequest | None:
    request = getattr(record, "request", None)
    return request if isinstance(request, HttpRequest) else current_request()


def _is_strangers_fault(error: BaseException | None, record: logging.LogRecord) -> bool:
    """In a command, a task or a script there is no stranger: there it is ours."""
    return isinstance(error, STRANGERS_FAULTS) and _request(record) is not None


def _stack(record: logging.LogRecord) -> str | None:
    error = record.exc_info[1] if record.exc_info else None
    return stack(error) if error and not _is_strangers_fault(error, record) else None
