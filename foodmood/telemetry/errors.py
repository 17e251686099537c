"""What may be said of an error. Its message may quote what somebody wrote (PostgreSQL: `Key (email)=(…)`), so only
messages of kinds that are known not to are ever written down; of any other error its type and its stack must do.
"""

import os
from collections.abc import Iterator
from traceback import format_tb

from django.core.exceptions import BadRequest, ImproperlyConfigured
from django.db import DatabaseError, DataError
from django.middleware.csrf import RejectRequest
from django.template import TemplateDoesNotExist, TemplateSyntaxError

from foodmood.backups import BackupError

# They name what stands in our own code, or in Django's; or what an operator has to mend.
ABOUT_CODE = (
    AttributeError,
    BackupError,
    BadRequest,
    ImportError,
    ImproperlyConfigured,
    NameError,
    RejectRequest,
    TemplateDoesNotExist,
    TemplateSyntaxError,
)


def said(error: BaseException) -> str:
    """Its message, if that can't hold what somebody wrote; else its type."""
    return _message(error) or type(error).__name__


def stack(error: BaseException) -> str:
    """As Python writes it, with what it came from, without values and messages that could hold any."""
    return "\nThe above came before:\n".join(map(_alone, reversed(list(chain(error)))))


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error, then what it came from, and so on."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _alone(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    lines = ["Traceback (most recent call last):\n", *format_tb(error.__traceback__)]
    return "".join(lines) + ": ".join(filter(None, [name, _message(error)]))


def _message(error: BaseException) -> str:
    if isinstance(error, DatabaseError):
        # Its first line names tables, constraints and servers; those after it, and data that does not fit, are values.
        # Django's own subclasses elsewhere list the rows that they protect.
        told = type(error).__module__ == "django.db.utils" and not isinstance(error, DataError)
        return str(error).strip().partition("\n")[0] if told else ""
    if isinstance(error, OSError):
        return os.strerror(error.errno) if error.errno else ""  # without the file's name
    return str(error).partition("\n")[0] if isinstance(error, ABOUT_CODE) else ""
