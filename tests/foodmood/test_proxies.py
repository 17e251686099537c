"""A proxy that ends TLS without TRUSTED_PROXY_COUNT: the operator is told what to set."""

import pytest
from django.test import Client
from pytest_django import Settings

from foodmood import occasional

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
TOKEN = "a" * 32
TOLD = "set TRUSTED_PROXY_COUNT to the number of your proxies"


@pytest.fixture(autouse=True)
def _nothing_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(occasional, "_told", {})


@pytest.fixture
def browser(settings: Settings) -> Client:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies[settings.CSRF_COOKIE_NAME] = TOKEN
    return browser


@pytest.mark.parametrize("proto", ["https", "HTTPS", "https, http"])
def test_log_says_once_what_to_set(client: Client, caplog: pytest.LogCaptureFixture, proto: str) -> None:
    for _ in range(3):
        client.get(LOGIN, headers={"X-Forwarded-Proto": proto})
    assert caplog.text.count(TOLD) == 1


def test_endless_redirect_is_not_remembered(client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/", headers={"X-Forwarded-Proto": "https"})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (301, "no-store")
    assert client.get("/").headers.get("Cache-Control") != "no-store"


def test_refused_form_tells_the_operator(browser: Client) -> None:
    form = {"csrfmiddlewaretoken": TOKEN}
    answer = browser.post(LOGIN, form, headers={"Origin": "https://testserver", "X-Forwarded-Proto": "https"})
    assert answer.status_code == 403
    assert "<code>TRUSTED_PROXY_COUNT</code>" in answer.content.decode()


def test_refused_form_says_nothing_without_a_proxy(browser: Client) -> None:
    answer = browser.post(LOGIN, {"csrfmiddlewaretoken": TOKEN}, headers={"Origin": "https://testserver"})
    assert answer.status_code == 403
    assert "TRUSTED_PROXY_COUNT" not in answer.content.decode()


@pytest.mark.parametrize("headers", [{}, {"X-Forwarded-Proto": "http"}, {"X-Forwarded-Proto": "httpsx"}])
def test_plain_requests_are_no_sign(client: Client, caplog: pytest.LogCaptureFixture, headers: dict[str, str]) -> None:
    client.get(LOGIN, headers=headers)
    assert TOLD not in caplog.text


def test_declared_proxy_is_no_sign(client: Client, settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    client.get(LOGIN, headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"})
    assert TOLD not in caplog.text
