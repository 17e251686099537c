"""What people and the log say when somebody can't get in: docs/troubleshooting.md."""

from collections.abc import Callable, Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import User
from tests.conftest import confirm
from tests.foodmood.telemetry.telling import Log, logged

pytestmark = pytest.mark.django_db
Guide = Callable[[str], None]
LOGIN = "/accounts/login/"
TOKEN = "a" * 32


@pytest.fixture
def log() -> Iterator[Log]:
    with logged() as log:
        yield log


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def test_a_proxy_that_is_not_declared(in_the_guide: Guide, browser: Client, settings: Settings, log: Log) -> None:
    settings.SECURE_SSL_REDIRECT = True
    for _ in range(2):  # what the proxy makes of https://testserver/ each time
        answer = browser.get("/", headers={"X-Forwarded-Proto": "https"})
        assert (answer.status_code, answer.headers["Location"]) == (301, "https://testserver/")
    in_the_guide(log.text)


def test_a_host_name_that_is_not_allowed(in_the_guide: Guide, browser: Client, settings: Settings, log: Log) -> None:
    settings.ALLOWED_HOSTS = ["food.example.org"]
    answer = browser.get("/", headers={"host": "www.example.org"})
    assert answer.status_code == 400
    assert "That did not work" in answer.content.decode()
    in_the_guide(log.text)


def test_fewer_proxies_than_declared(in_the_guide: Guide, client: Client, settings: Settings, log: Log) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    assert client.post(LOGIN, {"login": "alice@example.org", "password": "x"}).status_code == 400
    in_the_guide(log.text)


def test_a_port_that_is_not_declared(in_the_guide: Guide, browser: Client, settings: Settings, log: Log) -> None:
    browser.cookies[settings.CSRF_COOKIE_NAME] = TOKEN
    answer = browser.post(LOGIN, {"csrfmiddlewaretoken": TOKEN}, headers={"Origin": "https://testserver:8443"})
    assert answer.status_code == 403
    assert "Please try again" in answer.content.decode()
    in_the_guide(log.text)


def test_a_form_without_cookies(in_the_guide: Guide, browser: Client, log: Log) -> None:
    answer = browser.post(LOGIN, {"login": "alice@example.org"})
    assert "Please try again" in answer.content.decode()
    in_the_guide(log.text)


def test_too_many_wrong_passwords(in_the_guide: Guide, client: Client, alice: User) -> None:
    for _ in range(30):
        answer = client.post(LOGIN, {"login": alice.email, "password": "rye-bread-at-dusk"})
        if answer.status_code == 429:
            break
    in_the_guide(answer.content.decode())


def test_a_page_without_its_database(in_the_guide: Guide, alices: Client) -> None:
    def away(*_arguments: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    alices.raise_request_exception = False
    with connection.execute_wrapper(away):
        in_the_guide(alices.get("/").content.decode())


def test_a_file_that_is_too_large(in_the_guide: Guide, alices: Client, alice: User, settings: Settings) -> None:
    confirm(alices, alice)
    settings.IMPORT_MAX_BYTES = 0
    large = SimpleUploadedFile("diary.json", b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))
    answer = alices.post("/data/import/", {"format": "foodmood", "file": large})
    assert answer.status_code == 413
    in_the_guide(answer.content.decode())
