import re
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.request import split_domain_port

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

# Characters. Splitting an address normalises its host, which takes quadratic time.
LONGEST_URL = 2000
LONGEST_QUERY = 4094

_CHARSET = re.compile(r";\s*charset\s*=[^;]*", re.IGNORECASE)


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to. Even an empty form that was sent is judged."""
    return request.POST if request.method == "POST" else None


def short_next(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Refuse a `next` that is too long to be a page of this site."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        if any(len(sent.get("next", "")) > LONGEST_URL for sent in (request.GET, request.POST)):
            raise BadRequest(f"next: use at most {LONGEST_URL} characters.")
        return view(request)

    return answer


def short_query(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: refuse a query string longer than the request lines that gunicorn takes, whatever the server.

    Pages repeat it in their links.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY:
            raise BadRequest(f"The query string has more than {LONGEST_QUERY} characters.")
        return get_response(request)

    return middleware


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


def plain_host(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: of a Host header only the name is believed, with a port only if a trusted origin has it, or if
    FoodMood itself serves plain http there.

    Django lets through any port and a dot at the end of an allowed name, and both would stand in the links of mails.
    """
    declared = {urlsplit(origin).netloc for origin in settings.CSRF_TRUSTED_ORIGINS}
    own_ports = {address.rpartition(":")[2] for address in settings.WEB_BIND} if settings.PLAIN_HTTP else set()

    def middleware(request: HttpRequest) -> HttpResponse:
        host = request.META.get("HTTP_HOST", "")
        name, port = split_domain_port(host)
        if name and host not in declared and not (port in own_ports and host == f"{name}:{port}"):
            request.META["HTTP_HOST"] = name
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
