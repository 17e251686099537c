from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.meals.models import Meal
from tests.factories import NOON, EntryFactory, PortionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def meal(alice: User) -> Meal:
    return PortionFactory.create(meal__owner=alice, meal__time_guessed=True, edible__name="Oats").meal


def typed(**changes: Any) -> dict[str, Any]:
    fields = {"edible": ["Oats"], "amount": [""], "unit": [""], "category": "LUNCH", "eaten_at": "2026-03-01T13:00"}
    return fields | changes


@pytest.mark.parametrize("page", ["/day/2026-03-01/", "/meals/"])
def test_a_guessed_time_is_shown_as_such(alices: Client, meal: Meal, page: str) -> None:
    assert "about" in _time_in(alices.get(page).content.decode())
    Meal.objects.update(time_guessed=False)
    assert "about" not in _time_in(alices.get(page).content.decode())


def test_a_check_in_shows_its_guessed_time(alices: Client, alice: User) -> None:
    EntryFactory.create(option__category__owner=alice, recorded_at=NOON, time_guessed=True)
    for page in ("/day/2026-03-01/", "/wellbeing/"):
        assert "about" in _time_in(alices.get(page).content.decode())


def _time_in(page: str) -> str:
    return page.partition("<time")[2].partition("</time>")[0]


def test_the_mark_stays_while_the_time_does(alices: Client, meal: Meal) -> None:
    assert "The time is a guess" in alices.get(f"/meals/{meal.pk}/").content.decode()
    alices.post(f"/meals/{meal.pk}/", typed(time_guessed="on", title="Lunch"))
    meal.refresh_from_db()
    assert (meal.title, meal.time_guessed) == ("Lunch", True)


@pytest.mark.parametrize("changes", [{}, {"time_guessed": "on", "eaten_at": "2026-03-01T13:20"}])
def test_confirming_or_changing_the_time_clears_the_mark(alices: Client, meal: Meal, changes: dict[str, str]) -> None:
    alices.post(f"/meals/{meal.pk}/", typed(**changes))
    meal.refresh_from_db()
    assert not meal.time_guessed


def test_no_known_time_becomes_a_guess(alices: Client, meal: Meal) -> None:
    Meal.objects.update(time_guessed=False)
    assert "The time is a guess" not in alices.get(f"/meals/{meal.pk}/").content.decode()
    alices.post(f"/meals/{meal.pk}/", typed(time_guessed="on"))
    meal.refresh_from_db()
    assert not meal.time_guessed


def test_a_meal_logged_again_is_no_guess(alices: Client, alice: User, meal: Meal) -> None:
    alices.post(f"/meals/{meal.pk}/again/")
    assert [each.time_guessed for each in alice.meals.order_by("eaten_at")] == [True, False]
