import io
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client

from foodmood.requests import always_utf8

pytestmark = pytest.mark.django_db


def answer(application: Any, content_type: str) -> str:
    body = b"login=%61"
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/health/",
        "QUERY_STRING": "q=%61",
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    setup_testing_defaults(environ)
    statuses: list[str] = []
    application(environ, lambda status, _headers: statuses.append(status))
    return statuses[0]


@pytest.mark.parametrize("charset", ["hex", "rot13", "utf-16", "none-such", '"hex"'])
def test_a_charset_that_no_form_of_ours_has_is_passed_over(charset: str) -> None:
    assert answer(always_utf8(WSGIHandler()), f"application/x-www-form-urlencoded; charset={charset}") == "200 OK"


def test_what_serves_passes_it_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("foodmood.startup.report", lambda: None)  # which looks into the database
    from config.wsgi import application

    assert answer(application, "text/plain; charset=hex") == "200 OK"


def test_a_session_key_that_the_database_cannot_be_asked_for_is_no_session(client: Client) -> None:
    cookie = '"\\000' + "a" * 31 + '"'  # the octal escape of a quoted cookie
    assert client.get("/", headers={"Cookie": f"sessionid={cookie}"}).status_code == 302
