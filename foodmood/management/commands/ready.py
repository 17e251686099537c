import json
import socket
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from foodmood import readiness

SECONDS = 5


class Command(BaseCommand):
    help = "Ask the web server on this machine whether it is ready. Exit status 0: yes, maybe degraded; 1: no."
    requires_system_checks = ()  # a container's health check runs it again and again

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--bind", default=settings.WEB_BIND[0], help="where it listens, as in BIND; by default the first of BIND"
        )

    def handle(self, *args: Any, bind: str, **options: Any) -> None:
        try:
            answer = _ask(bind)
        except (OSError, HTTPException, ValueError) as error:
            raise CommandError(f"not ready: no good answer from {bind}: {error}. Is gunicorn running?") from error
        parts = answer.get("parts") or _own_look()
        lines = [answer["status"], *(f"  {part}: {found}" for part, found in parts.items() if found != "ok")]
        if answer["status"] == "not ready":
            raise CommandError("\n".join(lines))
        self.stdout.write("\n".join(lines))


def _ask(bind: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {settings.MONITORING_TOKEN}"} if settings.MONITORING_TOKEN else {}
    with closing(HTTPConnection("localhost", timeout=SECONDS)) as connection:
        connection.sock = _connect(bind)
        connection.request("GET", f"{settings.FORCE_SCRIPT_NAME or ''}/ready/", headers=headers)
        told: dict[str, Any] = json.load(connection.getresponse())
    return told


def _connect(bind: str) -> socket.socket:
    """To an address that a server on this machine listens at."""
    if bind.startswith("unix:"):
        file = socket.socket(socket.AF_UNIX)
        file.settimeout(SECONDS)
        file.connect(bind.removeprefix("unix:"))
        return file
    host, _, port = bind.rpartition(":")
    every_interface = {"0.0.0.0": "127.0.0.1", "[::]": "::1"}  # noqa: S104 -- to ask, not to listen
    return socket.create_connection((every_interface.get(host, host.strip("[]")), int(port)), timeout=SECONDS)


def _own_look() -> dict[str, str]:
    """Without a token the server does not tell which part; what is wrong for it is mostly wrong here, too."""
    return {finding.part: finding.problem or "ok" for finding in readiness.look()}
