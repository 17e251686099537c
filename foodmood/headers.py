"""Headers that belong on every answer, whoever gives it: a page, a static file, an error.

Of /health/ see liveness.py.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def everywhere(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: RESPONSE_HEADERS, unless the answer brings its own.

    It stands outside Django's SecurityMiddleware, which says nothing on the errors that it raises itself.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in settings.RESPONSE_HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return middleware
