"""What LOGGING is. Settings call it before there is a Django: it imports nothing of it."""

import sys
from pathlib import Path
from typing import Any

SERVERS = (["qcluster"], ["runserver"])


def configuration(style: str, level: str, folder: Path | None, keep_days: int) -> dict[str, Any]:
    """For `LOGGING`. `style` is json or plain. DEBUG is for our own modules: at that level libraries tell what they
    send and get.
    """
    of_libraries = "INFO" if level == "DEBUG" else level
    nowhere = {"handlers": ["null"], "propagate": False}
    if folder:
        handler = {"()": "foodmood.telemetry.handlers.DailyFile", "folder": folder, "keep_days": keep_days}
    else:
        handler = {"()": "foodmood.telemetry.handlers.Console", "stream": _stream(sys.argv)}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "foodmood.telemetry.logs.Json"},
            "plain": {"()": "foodmood.telemetry.logs.Plain"},
        },
        "filters": {"once": {"()": "foodmood.telemetry.logs.Once"}},
        "handlers": {
            "log": handler | {"formatter": style, "filters": ["once"]},
            "null": {"class": "logging.NullHandler"},
        },
        "root": {"handlers": ["log"], "level": of_libraries},
        "loggers": {
            "apps": {"level": level},
            "foodmood": {"level": level},
            "django": {"handlers": [], "level": of_libraries, "propagate": True},
            "django.security.DisallowedHost": nowhere,  # foodmood/hosts.py says it once a minute
            "django.server": nowhere,  # of runserver: it names paths
            "axes": {"level": "WARNING"},  # not every good log-in
            "fido2": {"level": "WARNING"},  # names each passkey
        },
    }


def _stream(argv: list[str]) -> str:
    """What a command writes to its stdout is what it was asked for, and may go to a file. Servers have no such use."""
    command = Path(argv[0]).name in {"manage.py", "django-admin"} and argv[1:2] not in SERVERS
    return "ext://sys.stderr" if command else "ext://sys.stdout"
