from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.handlers.wsgi import WSGIHandler

from foodmood.liveness import KINDS, health_at_once
from foodmood.requests import Application

pytestmark = pytest.mark.django_db  # at each request Django looks whether its connection still serves


class Counting:
    """Django, and how often it was asked."""

    def __init__(self) -> None:
        self.django = WSGIHandler()
        self.asked = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        self.asked += 1
        return self.django(environ, start_response)


def get(application: Application, path: str = "/health/", **environ: str) -> tuple[str, dict[str, str], bytes]:
    environment: dict[str, Any] = {"PATH_INFO": path, **environ}
    setup_testing_defaults(environment)
    started: list[tuple[str, dict[str, str]]] = []
    parts = application(environment, lambda status, headers, _error=None: started.append((status, dict(headers))))
    body = b"".join(parts)
    [(status, headers)] = started
    return status, headers, body


def test_the_second_probe_gets_what_the_first_got_without_django() -> None:
    django = Counting()
    application = health_at_once(django)
    status, headers, body = get(application)
    assert (status, body) == ("200 OK", b'{"status": "ok"}')
    again = get(application)
    assert django.asked == 1
    assert again == (status, headers | {"X-Request-ID": again[1]["X-Request-ID"]}, body)


def test_each_probe_has_a_name_of_its_own() -> None:
    application = health_at_once(WSGIHandler())
    names = {get(application)[1]["X-Request-ID"] for _ in range(3)}
    assert len(names) == 3
    assert get(application, HTTP_X_REQUEST_ID="probe-of-the-router")[1]["X-Request-ID"] == "probe-of-the-router"
    assert get(application, HTTP_X_REQUEST_ID="no\nname")[1]["X-Request-ID"] != "no\nname"


def test_https_is_answered_as_django_answers_https(settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 60
    application = health_at_once(WSGIHandler())
    for _ in range(2):
        assert "Strict-Transport-Security" not in get(application)[1]
        assert "Strict-Transport-Security" in get(application, **{"wsgi.url_scheme": "https"})[1]


def test_made_up_kinds_of_requests_are_not_remembered() -> None:
    django = Counting()
    application = health_at_once(django)
    for kind in range(KINDS):
        get(application, HTTP_X_FORWARDED_PROTO=f"made-up-{kind}")
    for _ in range(2):
        assert get(application, HTTP_X_FORWARDED_PROTO="one-more")[0] == "200 OK"
    assert django.asked == KINDS + 2


@pytest.mark.parametrize("method", ["POST", "HEAD"])
def test_other_methods_are_djangos(method: str) -> None:
    django = Counting()
    application = health_at_once(django)
    for _ in range(2):
        get(application, REQUEST_METHOD=method)
    assert django.asked == 2
