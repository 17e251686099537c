"""The database is away, or has no time: a 503 that says when to try again, made without asking it for anything."""

import logging
import sqlite3
import sys

from django.db import Error, InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.log import log_response
from django.views import defaults

from foodmood.database import reason

logger = logging.getLogger(__name__)

NOTICE = {"HX-Retarget": "#notice", "HX-Reswap": "innerHTML show:window:top"}
SECONDS = 5  # until a program should try again; a person is told “in a moment”
# Of PostgreSQL's internal errors: idle in a transaction for too long, and a standby that is not the primary yet.
PASSING = {"25P03", "25006"}


def handler500(request: HttpRequest) -> HttpResponse:
    """Whatever broke, and wherever: in a view, a template, the session, or what middleware asks the database for."""
    error = sys.exc_info()[1]
    if not (isinstance(error, Error) and is_outage(error)):
        return defaults.server_error(request)
    fragment = bool(request.headers.get("HX-Request"))
    page = render_to_string("components/unavailable.html" if fragment else "503.html")
    headers = {"Retry-After": str(SECONDS)} | (NOTICE if fragment else {})
    response = HttpResponse(page, status=503, headers=headers)
    # Said here, it is not said by Django, with a stack: what to mend is not in our code.
    log_response("The database can't be used: %s.", reason(error), response=response, request=request, logger=logger)
    return response


def is_outage(error: Error) -> bool:
    """Whether it will pass without a change of ours: away, refused, cut, full, locked, or taking too long."""
    if isinstance(error, InternalError):
        return getattr(error.__cause__, "sqlstate", None) in PASSING
    if isinstance(error, OperationalError) and isinstance(error.__cause__, sqlite3.Error):
        # That is what SQLite says of a missing table; what Python's own module says has no code.
        return getattr(error.__cause__, "sqlite_errorcode", sqlite3.SQLITE_ERROR) != sqlite3.SQLITE_ERROR
    return isinstance(error, (OperationalError, InterfaceError))
