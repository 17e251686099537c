"""Where browsers report breaches of the Content-Security-Policy: a line in the log that names what to mend.

Anybody may post here, so nobody is believed: a report is small, becomes one short line of known words and a bare
origin (no path, no sample of a page), is said once an hour, and not more than LINES_PER_HOUR are said at all.
"""

import json
import logging
import re
import time
from collections.abc import Callable, Iterator
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from csp.utils import DEFAULT_DIRECTIVES
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from foodmood.requests import LONGEST_URL

logger = logging.getLogger(__name__)

MAX_BYTES = 16 * 1024
REPORTS_PER_REQUEST = 20
LINES_PER_HOUR = 20
Breach = tuple[str, str]


class Hourly:
    """Which breaches were said in this hour, in this process. Knows LINES_PER_HOUR at most, so it can't be filled."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self.forget()

    def forget(self) -> None:
        self._since = self._clock()
        self._said: set[Breach] = set()

    def is_news(self, breach: Breach) -> bool:
        hour = 3600
        with self._lock:
            if self._clock() - self._since >= hour:
                self.forget()
            if breach in self._said or len(self._said) >= LINES_PER_HOUR:
                return False
            self._said.add(breach)
            return True


hourly = Hourly()


@csrf_exempt  # browsers send reports without a token
@login_not_required
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """204 whatever came: a stranger learns nothing, and a browser doesn't care."""
    for directive, origin in _breaches(request):
        if hourly.is_news((directive, origin)):
            logger.warning("CSP breach: %s blocked %s", directive, origin)
    return HttpResponse(status=204)


def _breaches(request: HttpRequest) -> Iterator[Breach]:
    """The breaches in either format: `report-uri` sends one object, the Reporting API a list."""
    body = request.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        return
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        return
    reports = sent[:REPORTS_PER_REQUEST] if isinstance(sent, list) else [sent]
    for report in reports:
        match report:
            case {"csp-report": dict(old)}:
                directive = old.get("effective-directive", old.get("violated-directive"))
                yield _directive(directive), _origin(old.get("blocked-uri"))
            case {"type": "csp-violation", "body": dict(new)}:
                yield _directive(new.get("effectiveDirective")), _origin(new.get("blockedURL"))


def _directive(value: Any) -> str:
    name = str(value).partition(" ")[0]
    return name if name in DEFAULT_DIRECTIVES else "another directive"


def _origin(value: Any) -> str:
    """`https://evil.example`, or a word such as inline; never more of an address than its host."""
    text = str(value)[:LONGEST_URL]
    if text in {"inline", "eval", "wasm-eval", "data", "blob", "self", "trusted-types-sink"}:
        return text
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return "another source"
    if parts.scheme in {"http", "https", "ws", "wss"} and re.fullmatch(r"[a-z0-9.-]{1,100}", host):
        return f"{parts.scheme}://{host}"
    return "another source"
