"""A moment in the future is mostly a typing error: the form asks, and loses nothing."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from tests.factories import EntryFactory, OptionFactory, PortionFactory

pytestmark = pytest.mark.django_db

ASKED = "is still to come"


@pytest.fixture
def tomorrow() -> datetime:
    return timezone.localtime().replace(second=0, microsecond=0) + timedelta(days=1)


def typed(at: datetime, **changes: Any) -> dict[str, Any]:
    moment = at.astimezone(timezone.get_fixed_timezone(60)).replace(tzinfo=None)  # near enough: alice lives in Berlin
    fields = {"edible": "Oats", "category": "LUNCH", "title": "Brunch", "notes": "With Bob"}
    return fields | {"eaten_at": moment.isoformat(timespec="minutes")} | changes


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_meal_in_the_future_is_asked_about(alices: Client, alice: User, tomorrow: datetime, headers: Any) -> None:
    answer = alices.post("/day/2026-03-01/meal/", typed(tomorrow), headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert ASKED in page
    assert not alice.meals.exists()
    assert all(text in page for text in ("Oats", "Brunch", "With Bob", 'name="eaten_at-future"'))


def test_it_is_saved_once_the_box_is_ticked(alices: Client, alice: User, tomorrow: datetime) -> None:
    form = typed(tomorrow, **{"eaten_at-future": "1"})
    assert alices.post("/day/2026-03-01/meal/", form).status_code == 302
    assert alice.meals.get().eaten_at > timezone.now()


def test_the_tick_survives_another_refusal(alices: Client, tomorrow: datetime) -> None:
    form = typed(tomorrow, **{"eaten_at-future": "1", "category": "BRUNCH"})
    page = alices.post("/day/2026-03-01/meal/", form).content.decode()
    assert 'name="eaten_at-future" value="1" checked' in page


def test_a_clock_that_is_fast_is_not_asked_about(alices: Client, alice: User) -> None:
    alices.post("/day/2026-03-01/meal/", typed(timezone.now() + timedelta(minutes=3)))
    assert alice.meals.exists()


def test_a_rating_in_the_future_is_asked_about(alices: Client, alice: User, tomorrow: datetime) -> None:
    option = OptionFactory.create(category__owner=alice)
    form = {f"category-{option.category_id}": option.pk, "recorded_at": typed(tomorrow)["eaten_at"], "notes": "Calm"}
    answer = alices.post("/day/2026-03-01/check-in/", form)
    assert (answer.status_code, alice.entries.exists()) == (422, False)
    assert ASKED in answer.content.decode()
    assert "Calm" in answer.content.decode()
    alices.post("/day/2026-03-01/check-in/", form | {"recorded_at-future": "1"})
    assert alice.entries.exists()


def test_moving_a_rating_into_the_future_is_asked_about(alices: Client, alice: User, tomorrow: datetime) -> None:
    entry = EntryFactory.create(option__category__owner=alice)
    form = {"option": entry.option_id, "recorded_at": typed(tomorrow)["eaten_at"]}
    assert ASKED in alices.post(f"/wellbeing/entries/{entry.pk}/", form).content.decode()


def test_a_stored_future_meal_is_not_asked_about_again(alices: Client, alice: User, tomorrow: datetime) -> None:
    meal = PortionFactory.create(meal__owner=alice, meal__eaten_at=tomorrow).meal
    assert alices.post(f"/meals/{meal.pk}/", typed(tomorrow)).status_code == 302
    assert alices.post(f"/meals/{meal.pk}/", typed(tomorrow + timedelta(days=1))).status_code == 422
