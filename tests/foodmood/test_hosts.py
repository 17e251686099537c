"""What an operator and a visitor learn of a host name that is not allowed."""

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings

from foodmood import occasional

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_told(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setattr(occasional, "_told", {})
    settings.ALLOWED_HOSTS = ["food.example.org"]


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "foodmood.hosts"]


def test_log_names_the_host_and_the_setting(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3):
        assert client.get("/", headers={"host": "www.example.org"}).status_code == 400
    [line] = told(caplog)
    assert "the host www.example.org, which is not in DJANGO_ALLOWED_HOSTS (food.example.org)" in line


def test_each_host_is_logged_again_after_a_minute(
    client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(occasional, "MINUTE", 0)
    for host in ("a.example.org", "b.example.org", "a.example.org"):
        client.get("/", headers={"host": host})
    assert len(told(caplog)) == 3


def test_scanner_fills_no_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(30):
        client.get("/", headers={"host": f"{number}.example.org"})
    assert len(told(caplog)) == occasional.MOST


@pytest.mark.parametrize(
    "host", ["<script>", "a b", "evil\nERROR forged", "x" * 5000, "", "me@food.example.org", "[::1"]
)
def test_log_takes_no_text_from_strangers(client: Client, caplog: pytest.LogCaptureFixture, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 400
    [line] = told(caplog)
    assert "the host (none)," in line or f"the host {'x' * 100}," in line


def test_page_names_the_setting_and_no_allowed_host(client: Client) -> None:
    page = client.get("/", headers={"host": "www.example.org"}).content.decode()
    assert "DJANGO_ALLOWED_HOSTS" in page
    assert "food.example.org" not in page


def test_other_bad_requests_are_no_host_names(
    client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    answer = client.post("/accounts/login/", {"login": "a", "password": "b"}, headers={"host": "food.example.org"})
    assert answer.status_code == 400
    assert "DJANGO_ALLOWED_HOSTS" not in answer.content.decode()
    assert told(caplog) == []


def test_processes_together_log_a_host_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert occasional.once_a_minute("host:a.example.org")
    monkeypatch.setattr(occasional, "_told", {})  # as another process has it
    assert not occasional.once_a_minute("host:a.example.org")


def test_without_its_database_it_is_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(cache, "add", away)
    assert occasional.once_a_minute("host:a.example.org")
