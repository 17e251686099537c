"""A proxy in front of the site that ends TLS, but is not declared."""

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from foodmood.occasional import once_a_minute

logger = logging.getLogger(__name__)


def notice_undeclared_proxy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: tell the operator of an X-Forwarded-Proto: https that is not believed.

    Browsers are redirected from https to https forever, or their forms are refused. It may also be a stranger's joke.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        undeclared = is_undeclared(request)
        request.undeclared_proxy = undeclared  # type: ignore[attr-defined] # for the page that refuses a form
        if undeclared and once_a_minute("undeclared-proxy"):
            logger.warning(
                "A request has X-Forwarded-Proto: https, which is not believed, because TRUSTED_PROXY_COUNT is 0. If a"
                " proxy of yours ends TLS, set TRUSTED_PROXY_COUNT to the number of your proxies: until then, pages"
                " redirect forever or forms are refused. If there is no proxy, a stranger made the header up."
            )
        response = get_response(request)
        if undeclared and response.status_code == HTTPStatus.MOVED_PERMANENTLY:
            response.headers["Cache-Control"] = "no-store"  # else browsers go round even when the proxy is declared
        return response

    return middleware


def is_undeclared(request: HttpRequest) -> bool:
    """Return whether somebody in front says https, and no proxy is trusted."""
    said = request.headers.get("X-Forwarded-Proto", "").partition(",")[0].strip().lower()
    return said == "https" and not settings.TRUSTED_PROXY_COUNT and not request.is_secure()
