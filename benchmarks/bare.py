"""The least that gunicorn can serve: what a request costs before anything of ours has run."""

from collections.abc import Iterable
from typing import Any

BODY = b'{"status": "ok"}'


def application(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(BODY)))])
    return [BODY]
