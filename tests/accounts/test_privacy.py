"""What people are told about what is kept is what the code holds to."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from config.env import BASE_DIR

pytestmark = pytest.mark.django_db

URL = reverse("privacy")


def kept() -> dict[str, int]:
    day = 24 * 60 * 60
    sessions = {"sessions": settings.SESSION_COOKIE_AGE // day, "sessions_at_most": settings.SESSION_MAX_AGE // day}
    return {what: span.days for what, span in settings.RETENTION.items()} | sessions


def test_the_page_is_for_everybody(client: Client, alices: Client) -> None:
    assert Client().get(URL).status_code == 200
    assert alices.get(URL).status_code == 200
    assert client.post(URL).status_code == 405


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/"])
def test_it_is_linked_where_people_come_in(path: str) -> None:
    assert f'href="{URL}"' in Client().get(path).content.decode()


@pytest.mark.parametrize(
    "what",
    ["sessions", "sessions_at_most", "log_in_attempts", "unconfirmed_accounts", "backups", "security_events", "mail"],
)
def test_it_says_how_long(what: str, settings: Settings) -> None:
    settings.RETENTION = {name: span * 7 for name, span in settings.RETENTION.items()}
    settings.SESSION_COOKIE_AGE *= 7
    settings.SESSION_MAX_AGE *= 7
    assert f"{kept()[what]} days" in Client().get(URL).content.decode()


def test_the_operators_page_has_every_span_and_the_right_one() -> None:
    page = (BASE_DIR / "docs" / "privacy.md").read_text(encoding="utf-8")
    rows = re.findall(r"\| (\d+) days \| `(\w+)` \|", page)
    assert {name: int(days) for days, name in rows} == kept()
