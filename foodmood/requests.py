import re
from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

_CHARSET = re.compile(r";\s*charset\s*=[^;]*", re.IGNORECASE)


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to. Even an empty form that was sent is judged."""
    return request.POST if request.method == "POST" else None


def printable_headers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a cookie with control characters is none of ours, and no browser's name holds any. PostgreSQL can't
    even be asked for a session whose key holds NUL.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if value.isprintable()}
        browser = request.META.get("HTTP_USER_AGENT", "")
        if not browser.isprintable():
            request.META["HTTP_USER_AGENT"] = "".join(filter(str.isprintable, browser))
        return get_response(request)

    return middleware


def always_utf8(application: Application) -> Application:
    """WSGI: what is sent is read as UTF-8, as every page of ours asks for.

    Django takes any codec that a request names, and falls over those that are none for text (charset=hex) before its
    first middleware.
    """

    def utf8(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["CONTENT_TYPE"] = _CHARSET.sub("", environ.get("CONTENT_TYPE", ""))
        return application(environ, start_response)

    return utf8
