from collections.abc import Iterable
from typing import Any

from foodmood.requests import Application


def below(prefix: str, application: Application) -> Application:
    """WSGI: serve the site at `prefix` (`/food`), whether or not the proxy removes it from the path.

    Without it, too: a container's or a router's health check asks for /health/ past the proxy.
    """
    if not prefix:
        return application

    def mounted(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == prefix or path.startswith(f"{prefix}/"):
            environ["PATH_INFO"] = path.removeprefix(prefix)
        environ["SCRIPT_NAME"] = prefix
        return application(environ, start_response)

    return mounted
