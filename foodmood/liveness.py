"""/health/ without Django: the answer is always the same, and routers ask for it all the time."""

from collections.abc import Iterable
from typing import Any

from foodmood.requests import Application
from foodmood.telemetry.request_id import HEADER, name_for

KINDS = 8  # of requests: http or https, each port. A stranger may make up more: those Django answers.
# What whoever asks for JSON has use for. The others tell a browser how to show a page; gunicorn looks at every letter
# of each, which took longer than the answer.
HEADERS = {
    *("Content-Type", "Content-Length", "Cache-Control"),
    *("Strict-Transport-Security", "X-Content-Type-Options", "X-Frame-Options"),
}


def health_at_once(application: Application) -> Application:
    """WSGI: Django answers the first /health/ of each kind; those after it get the same, with a name of their own.
    They are neither logged nor counted.
    """
    known: dict[tuple[str, ...], tuple[list[tuple[str, str]], bytes]] = {}

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != "/health/" or environ.get("REQUEST_METHOD") != "GET":
            return application(environ, start_response)
        # All that an answer of ours depends on: HSTS is for https alone.
        kind = tuple(environ.get(name, "") for name in ("wsgi.url_scheme", "HTTP_X_FORWARDED_PROTO", "SERVER_PORT"))
        if kind not in known:
            status, headers, body = _ask(application, environ)
            if status != "200 OK" or len(known) == KINDS:
                start_response(status, headers)
                return [body]
            known[kind] = [header for header in headers if header[0] in HEADERS], body
        headers, body = known[kind]
        start_response("200 OK", [*headers, (HEADER, name_for(environ.get("HTTP_X_REQUEST_ID")))])
        return [body]

    return answer


def _ask(application: Application, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
    started: list[tuple[str, list[tuple[str, str]]]] = []
    parts = application(environ, lambda status, headers, _error=None: started.append((status, headers)))
    try:
        body = b"".join(parts)
    finally:
        getattr(parts, "close", lambda: None)()
    [(status, headers)] = started
    return status, [*headers, ("Content-Length", str(len(body)))], body
