"""From a list to one of its rows and back: search, filter, page and place are kept."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from apps.accounts.models import User
from tests.factories import NOON, EdibleFactory, EntryFactory, OptionFactory, PortionFactory

pytestmark = pytest.mark.django_db

MEAL = {"edible": "Oats", "category": "LUNCH", "eaten_at": "2026-03-01T12:30"}


def link(client: Client, page: str, path: str) -> str:
    """The link of this page that leads to that path, with what follows it."""
    found = re.search(rf'href="({path}\?next=[^"]+)"', client.get(page).content.decode())
    assert found
    return unescape(found[1])


def test_a_saved_meal_returns_to_the_search(alices: Client, alice: User) -> None:
    for hour in range(31):
        PortionFactory.create(
            meal__owner=alice, meal__title="Müsli & milk", meal__eaten_at=NOON + timedelta(hours=hour)
        )
    meal = alice.meals.last()
    assert meal
    page = "/meals/?q=m%C3%BCsli&page=2"
    answer = alices.post(link(alices, page, f"/meals/{meal.pk}/"), MEAL)
    assert answer.headers["Location"] == f"{page}#meal-{meal.pk}"


def test_a_refused_meal_still_returns_later(alices: Client, alice: User) -> None:
    meal = PortionFactory.create(meal__owner=alice).meal
    address = link(alices, "/meals/?page=1", f"/meals/{meal.pk}/")
    assert alices.post(address, MEAL | {"eaten_at": "soon"}).context["back"] == f"/meals/?page=1#meal-{meal.pk}"


def test_a_deleted_meal_returns_to_the_list(alices: Client, alice: User) -> None:
    meal = PortionFactory.create(meal__owner=alice).meal
    form = alices.get(link(alices, "/meals/?page=1", f"/meals/{meal.pk}/")).content.decode()
    action = re.search(r'action="(/meals/\d+/delete/[^"]+)"', form)
    assert action
    assert alices.post(unescape(action[1])).headers["Location"] == f"/meals/?page=1#meal-{meal.pk}"


def test_a_saved_rating_returns_to_its_category(alices: Client, alice: User) -> None:
    entry = EntryFactory.create(option=OptionFactory.create(category__owner=alice))
    page = f"/wellbeing/?category={entry.category_id}"
    answer = alices.post(
        link(alices, page, f"/wellbeing/entries/{entry.pk}/"),
        {"option": entry.option_id, "recorded_at": "2026-03-01T12:30"},
    )
    assert answer.headers["Location"] == f"{page}#entry-{entry.pk}"


def test_a_rating_of_a_day_returns_to_the_day(alices: Client, alice: User) -> None:
    entry = EntryFactory.create(option__category__owner=alice)
    answer = alices.post(
        link(alices, "/day/2026-03-01/", f"/wellbeing/entries/{entry.pk}/"),
        {"option": entry.option_id, "recorded_at": "2026-03-01T12:30"},
    )
    assert answer.headers["Location"] == "/day/2026-03-01/"


def test_a_changed_food_leads_back_to_the_search(alices: Client, alice: User) -> None:
    milk = EdibleFactory.create(owner=alice, name="Milk")
    edit = link(alices, link(alices, "/edibles/?q=mil", f"/edibles/{milk.pk}/"), f"/edibles/{milk.pk}/edit/")
    food = alices.post(edit, {"name": "Oat milk"}).headers["Location"]
    assert alices.get(food).context["back"] == f"/edibles/?q=mil#edible-{milk.pk}"


def test_a_deleted_food_returns_to_the_search(alices: Client, alice: User) -> None:
    milk = EdibleFactory.create(owner=alice, name="Milk")
    page = alices.get(link(alices, "/edibles/?q=mil", f"/edibles/{milk.pk}/")).content.decode()
    action = re.search(r'action="(/edibles/\d+/delete/[^"]+)"', page)
    assert action
    assert alices.post(unescape(action[1])).headers["Location"] == f"/edibles/?q=mil#edible-{milk.pk}"
