import json
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from foodmood import readiness

SECONDS = 5


class Command(BaseCommand):
    help = "Ask the web server on this machine whether it is ready. Exit status 0: yes, maybe degraded; 1: no."
    requires_system_checks = ()  # a container's health check runs it again and again

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=settings.WEB_PORT, help="where it listens; PORT by default")

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        try:
            answer = _ask(f"http://127.0.0.1:{port}/ready/")
        except (OSError, ValueError) as error:
            raise CommandError(f"not ready: no good answer from port {port}: {error}. Is gunicorn running?") from error
        parts = answer.get("parts") or _own_look()
        lines = [answer["status"], *(f"  {part}: {found}" for part, found in parts.items() if found != "ok")]
        if answer["status"] == "not ready":
            raise CommandError("\n".join(lines))
        self.stdout.write("\n".join(lines))


def _ask(address: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {settings.MONITORING_TOKEN}"} if settings.MONITORING_TOKEN else {}
    request = Request(address, headers=headers)  # noqa: S310 -- http, to this machine
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=SECONDS) as answer:
            told: dict[str, Any] = json.load(answer)
    except HTTPError as refusal:
        told = json.load(refusal)
    return told


def _own_look() -> dict[str, str]:
    """Without a token the server does not tell which part; what is wrong for it is mostly wrong here, too."""
    return {finding.part: finding.problem or "ok" for finding in readiness.look()}
