"""What must not stand in a log."""

import logging

from django.core.exceptions import BadRequest
from django.http import HttpRequest


class NoTokens(logging.Filter):
    """Names the route in place of the path: links of mails are paths, and whoever reads them could use them.

    Of a path without a route only the beginning stays: it may be such a link with a bracket at its end.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            written = request.path.encode("unicode_escape").decode("ascii")  # as Django does
            record.args = tuple(_route(request) if argument == written else argument for argument in record.args)
        if record.exc_info and isinstance(record.exc_info[1], BadRequest):
            record.exc_info = None  # a stranger's fault: one line, and no traceback
        return True


def _route(request: HttpRequest) -> str:
    if request.resolver_match:
        return f"/{request.resolver_match.route}"
    first, slash, rest = request.path[1:].partition("/")
    return f"/{first}{slash}{'…' if rest else ''}"
