from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import User
from apps.portability.demo import EMAIL, PASSWORD, demo_archive

EVENING = datetime(2026, 3, 1, 20, 0, tzinfo=ZoneInfo("Europe/Berlin"))


def test_nothing_in_the_demo_diary_lies_in_the_future() -> None:
    archive = demo_archive(until=EVENING)
    assert max(meal.eaten_at for meal in archive.meals) <= EVENING
    assert max(entry.recorded_at for entry in archive.entries) <= EVENING


def test_a_day_is_the_same_day_in_a_diary_made_later() -> None:
    earlier, later = demo_archive(until=EVENING, days=10), demo_archive(until=EVENING + timedelta(days=3), days=10)
    both = [entry for entry in earlier.entries if entry.recorded_at >= later.entries[0].recorded_at]
    assert set(both) <= set(later.entries)
    assert len(both) > 60


@pytest.mark.django_db
def test_the_printed_login_works(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo")
    printed = capsys.readouterr().out
    assert EMAIL in printed
    assert PASSWORD in printed
    client.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD})
    assert client.get("/").status_code == 200


@pytest.mark.django_db
def test_making_the_demo_again_adds_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: EVENING)
    call_command("demo")
    user = User.objects.get(email=EMAIL)
    before = (user.meals.count(), user.entries.count())
    call_command("demo")
    assert (user.meals.count(), user.entries.count()) == before


@pytest.mark.django_db
def test_there_is_no_demo_in_production(settings: Settings) -> None:
    settings.DEMO_ALLOWED = False
    with pytest.raises(CommandError, match="never made in production"):
        call_command("demo")
    assert not User.objects.exists()


@pytest.mark.django_db
def test_the_demo_diary_says_that_it_is_made_up(alices: Client) -> None:
    call_command("demo")
    visitor = Client()
    visitor.force_login(User.objects.get(email=EMAIL))
    assert "its diary is made up" in visitor.get("/").content.decode()
    assert "its diary is made up" not in alices.get("/").content.decode()
