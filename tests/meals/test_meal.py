import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.edibles.models import Edible
from apps.meals import forms, views
from apps.meals.models import Meal, Portion
from tests.factories import MealFactory, PortionFactory
from tests.meanwhile import just_before

pytestmark = pytest.mark.django_db


@pytest.fixture
def meal(alice: User) -> Meal:
    portion = PortionFactory.create(meal__owner=alice, edible__name="Oats", amount="40.000", unit="g")
    return portion.meal


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "edible": ["Bread", "Butter"],
        "amount": ["2", ""],
        "unit": ["slices", ""],
        "category": "SNACK",
        "eaten_at": "2026-03-02T16:00",
        "title": "Tea",
        "notes": "",
    } | changes


def test_a_stranger_is_sent_to_log_in(client: Client, meal: Meal) -> None:
    assert client.get(f"/meals/{meal.pk}/").headers["Location"].startswith("/accounts/login/")


def test_somebody_elses_meal_does_not_exist(bobs: Client, meal: Meal) -> None:
    assert bobs.get(f"/meals/{meal.pk}/").status_code == 404


def test_somebody_elses_meal_cannot_be_changed(bobs: Client, meal: Meal) -> None:
    assert bobs.post(f"/meals/{meal.pk}/", typed()).status_code == 404
    assert Meal.objects.get().title == ""


def test_a_meal_beyond_any_number_does_not_exist(alices: Client) -> None:
    assert alices.get(f"/meals/{'9' * 30}/").status_code == 404


def test_the_page_shows_what_was_eaten(alices: Client, meal: Meal) -> None:
    page = alices.get(f"/meals/{meal.pk}/").content.decode()
    assert 'value="Oats"' in page
    assert 'value="40"' in page
    assert 'value="1:00 pm"' in page


def test_every_field_can_be_changed(alices: Client, meal: Meal) -> None:
    assert alices.post(f"/meals/{meal.pk}/", typed()).headers["Location"] == "/day/2026-03-02/"
    meal.refresh_from_db()
    assert (meal.title, meal.category) == ("Tea", "SNACK")
    assert meal.eaten_at == datetime(2026, 3, 2, 15, tzinfo=UTC)


def test_portions_are_replaced(alices: Client, meal: Meal) -> None:
    alices.post(f"/meals/{meal.pk}/", typed())
    portions = meal.portions.values_list("edible__name", "amount", "unit")
    assert list(portions) == [("Bread", Decimal(2), "slices"), ("Butter", None, "")]


@pytest.mark.parametrize(
    ("changes", "mend"),
    [
        ({"edible": [], "amount": [], "unit": []}, "Name at least one thing"),
        ({"amount": ["NaN", ""]}, "Amount of “Bread”"),
        ({"eaten_at": "9999-01-01T00:00"}, "between the years 1900 and 2099"),
        ({"category": "x"}, "Choose one of the categories"),
    ],
)
def test_a_refused_change_changes_nothing(alices: Client, meal: Meal, changes: dict[str, Any], mend: str) -> None:
    response = alices.post(f"/meals/{meal.pk}/", typed(**changes))
    assert response.status_code == 422
    assert mend in response.content.decode()
    meal.refresh_from_db()
    assert (meal.title, meal.portions.get().edible.name) == ("", "Oats")


def rows_on(page: str) -> int:
    """Portions that the page would send again: beyond these are the empty rows and the script's template."""
    return len(re.findall(r'name="edible"\s+type="text"\s+value="Edible', page))


def test_a_large_meal_shows_and_keeps_every_portion(alices: Client, meal: Meal) -> None:
    names = fill(meal, 90)
    page = alices.get(f"/meals/{meal.pk}/").content.decode()
    assert rows_on(page) == 90
    assert alices.post(f"/meals/{meal.pk}/", typed(edible=names[1:], amount=[], unit=[])).status_code == 302
    assert [portion.edible.name for portion in meal.portions.all()] == names[1:]


def test_a_large_meal_may_not_grow(alices: Client, meal: Meal) -> None:
    names = [*fill(meal, 90), "Edible too many"]
    response = alices.post(f"/meals/{meal.pk}/", typed(edible=names, amount=[], unit=[]))
    page = response.content.decode()
    assert response.status_code == 422
    assert "A meal can have up to 80 foods" in page
    assert "would have 91: split it into two meals." in page
    assert rows_on(page) == 91
    assert meal.portions.count() == 90


def fill(meal: Meal, number: int) -> list[str]:
    names = [f"Edible {n}" for n in range(number)]
    edibles = Edible.objects.bulk_create(Edible(owner=meal.owner, name=name) for name in names)
    meal.portions.all().delete()
    Portion.objects.bulk_create(Portion(owner=meal.owner, meal=meal, edible=edible) for edible in edibles)
    return names


def test_an_empty_form_is_refused(alices: Client, meal: Meal) -> None:
    assert alices.post(f"/meals/{meal.pk}/").status_code == 422


def test_the_second_of_an_hour_that_comes_twice_stays_the_second(alices: Client, meal: Meal) -> None:
    second = datetime(2026, 10, 25, 1, 30, 17, tzinfo=UTC)
    Meal.objects.update(eaten_at=second)
    alices.post(f"/meals/{meal.pk}/", typed(eaten_at="2026-10-25T02:30"))
    meal.refresh_from_db()
    assert meal.eaten_at == second


@pytest.mark.parametrize(("action", "data"), [("", typed()), ("again/", {})], ids=["changed", "logged again"])
def test_a_meal_deleted_a_moment_ago_is_not_brought_back(
    alices: Client, meal: Meal, monkeypatch: pytest.MonkeyPatch, action: str, data: dict[str, Any]
) -> None:
    for module, name in ((forms, "save_meal"), (views, "repeat_meal")):
        just_before(monkeypatch, module, name, Meal.objects.all().delete)
    assert alices.post(f"/meals/{meal.pk}/{action}", data).status_code == 404
    assert not Meal.objects.exists()


def test_a_meal_is_deleted_and_its_edibles_stay(alices: Client, alice: User, meal: Meal) -> None:
    assert alices.post(f"/meals/{meal.pk}/delete/").headers["Location"] == "/day/2026-03-01/"
    assert not Meal.objects.exists()
    assert alice.edibles.get().name == "Oats"


def test_somebody_elses_meal_cannot_be_deleted(bobs: Client, meal: Meal) -> None:
    assert bobs.post(f"/meals/{meal.pk}/delete/").status_code == 404
    assert Meal.objects.exists()


def test_who_is_not_signed_in_deletes_nothing(client: Client, meal: Meal) -> None:
    client.post(f"/meals/{meal.pk}/delete/")
    assert Meal.objects.exists()


@pytest.mark.parametrize("action", ["delete", "again"])
def test_opening_an_address_changes_nothing(alices: Client, meal: Meal, action: str) -> None:
    assert alices.get(f"/meals/{meal.pk}/{action}/").status_code == 405
    assert Meal.objects.count() == 1


def test_a_meal_can_be_logged_again_for_now(alices: Client, meal: Meal) -> None:
    Meal.objects.update(notes="Too salty today")
    assert alices.post(f"/meals/{meal.pk}/again/").headers["Location"] == "/"
    newest = Meal.objects.first()
    assert newest is not None
    portion = newest.portions.get()
    assert (newest.notes, portion.edible.name, portion.amount, portion.unit) == ("", "Oats", Decimal(40), "g")


def test_somebody_elses_meal_cannot_be_logged_again(bobs: Client, meal: Meal) -> None:
    assert bobs.post(f"/meals/{meal.pk}/again/").status_code == 404
    assert Meal.objects.count() == 1


def test_who_is_not_signed_in_logs_nothing_again(client: Client, meal: Meal) -> None:
    client.post(f"/meals/{meal.pk}/again/")
    assert Meal.objects.count() == 1


@pytest.fixture
def empty(alice: User) -> Meal:
    """As an archive may bring one."""
    return MealFactory.create(owner=alice)


def test_an_empty_meal_is_not_logged_again_and_leads_to_where_it_is_filled(alices: Client, empty: Meal) -> None:
    response = alices.post(f"/meals/{empty.pk}/again/", follow=True)
    assert response.redirect_chain == [(f"/meals/{empty.pk}/", 302)]
    assert "Nothing is noted in this meal, so there is nothing to log again" in response.content.decode()
    assert Meal.objects.count() == 1


@pytest.mark.parametrize("page", ["/meals/", "/day/2026-03-01/"])
def test_an_empty_meal_says_so_and_offers_no_repetition(alices: Client, empty: Meal, page: str) -> None:
    content = alices.get(page).content.decode()
    assert "Nothing is noted." in content
    assert "/again/" not in content


def test_an_empty_meal_is_called_by_its_category(alices: Client, empty: Meal) -> None:
    page = alices.get(f"/meals/{empty.pk}/").content.decode()
    assert "“Lunch” of" in page


def test_an_empty_meal_can_be_filled(alices: Client, empty: Meal) -> None:
    assert alices.post(f"/meals/{empty.pk}/", typed()).status_code == 302
    assert empty.portions.count() == 2
