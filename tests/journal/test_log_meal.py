from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.edibles.models import Edible
from apps.meals.models import Meal, Portion
from tests.factories import EdibleFactory

pytestmark = pytest.mark.django_db

URL = "/day/2026-03-01/meal/"


def typed(**changes: Any) -> dict[str, Any]:
    """What the form posts: each row of the picker has an edible, an amount and a unit."""
    return {
        "edible": ["Oats", "Milk", ""],
        "amount": ["40", "", ""],
        "unit": ["g", "", ""],
        "category": "BREAKFAST",
        "eaten_at": "2026-03-01T08:05",
        "title": "",
        "notes": "",
    } | changes


def test_a_stranger_is_sent_to_log_in(client: Client) -> None:
    assert client.post(URL, typed()).headers["Location"].startswith("/accounts/login/")
    assert not Meal.objects.exists()


def test_it_is_only_posted_to(alices: Client) -> None:
    assert alices.get(URL).status_code == 405


def test_a_meal_is_logged_for_whoever_is_signed_in(alices: Client, alice: User) -> None:
    alices.post(URL, typed(title="Porridge", notes="Warm.\r\nSlow."))
    meal = alice.meals.get()
    assert (meal.title, meal.category, meal.notes) == ("Porridge", "BREAKFAST", "Warm.\nSlow.")
    assert meal.eaten_at == datetime(2026, 3, 1, 7, 5, tzinfo=UTC)


def test_portions_keep_their_order_amounts_and_units(alices: Client) -> None:
    alices.post(URL, typed())
    portions = Portion.objects.values_list("edible__name", "amount", "unit").order_by("pk")
    assert list(portions) == [("Oats", Decimal(40), "g"), ("Milk", None, "")]


def test_what_is_there_is_not_created_twice(alices: Client, alice: User) -> None:
    oats = EdibleFactory.create(owner=alice, name="Oats")
    alices.post(URL, typed(edible=[" OATS "], amount=[""], unit=[""]))
    assert Portion.objects.get().edible == oats


def test_somebody_elses_edible_of_that_name_stays_theirs(bobs: Client, alice: User, bob: User) -> None:
    EdibleFactory.create(owner=alice, name="Oats")
    bobs.post(URL, typed(edible=["Oats"], amount=[""], unit=[""]))
    assert Portion.objects.get().edible.owner == bob


def test_without_a_script_the_page_is_shown_anew(alices: Client) -> None:
    assert alices.post(URL, typed()).headers["Location"] == "/day/2026-03-01/"


def test_todays_meal_leads_back_to_today(alices: Client, alice: User) -> None:
    now = timezone.localtime(timezone=alice.zone)
    response = alices.post(f"/day/{now:%Y-%m-%d}/meal/", typed(eaten_at=f"{now:%Y-%m-%dT%H:%M}"))
    assert response.headers["Location"] == "/"


def test_with_htmx_the_day_comes_back_in_place(alices: Client) -> None:
    page = alices.post(URL, typed(), headers={"HX-Request": "true"}).content.decode()
    assert 'id="timeline"' in page
    assert 'hx-swap-oob="true"' in page
    assert "Logged: Oats, Milk" in page
    assert 'value="Oats"' not in page  # the form is empty again


def test_a_meal_of_another_day_says_where_it_went(alices: Client) -> None:
    page = alices.post(URL, typed(eaten_at="2026-02-27T12:00"), headers={"HX-Request": "true"}).content.decode()
    assert "on Feb. 27, 2026" in page


def test_a_decimal_comma_is_understood(alices: Client) -> None:
    alices.post(URL, typed(amount=["1,5", "", ""]))
    assert Portion.objects.order_by("pk").first().amount == Decimal("1.5")  # type: ignore[union-attr] # None fails the test as well


@pytest.mark.parametrize(
    ("typed_amount", "amount"), [("1/2", "0.5"), ("½", "0.5"), ("1 1/2", "1.5"), ("2½", "2.5"), ("1/3", "0.333")]
)
def test_a_fraction_is_understood(alices: Client, typed_amount: str, amount: str) -> None:
    alices.post(URL, typed(amount=[typed_amount, "", ""]))
    assert Portion.objects.order_by("pk").first().amount == Decimal(amount)  # type: ignore[union-attr] # None fails the test as well


def test_the_first_of_an_hour_that_comes_twice_is_meant(alices: Client, alice: User) -> None:
    alices.post(URL, typed(eaten_at="2026-10-25T02:30"))
    assert alice.meals.get().eaten_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "mend"),
    [
        ({"edible": [], "amount": [], "unit": []}, "Name at least one thing"),
        ({"edible": ["   "], "amount": [""], "unit": [""]}, "Name at least one thing"),
        ({"edible": [""], "amount": ["40"], "unit": ["g"]}, "Name what the amount “40 g” is of"),
        ({"edible": ["a" * 10_000]}, "Use at most 200 characters; these are 10000."),
        ({"edible": ["\ufdfa" * 200]}, "Use at most 200 characters"),  # one sign that folds to eighteen
        ({"edible": ["Oats\x00"]}, "Use signs that can be seen"),
        ({"edible": ["Oats\x07"]}, "Use signs that can be seen"),
        ({"edible": ["\u200b\u200b"]}, "Use signs that can be seen"),
        ({"edible": [f"Edible {n}" for n in range(81)], "amount": [], "unit": []}, "split it into two meals"),
        ({"amount": ["abc", "", ""]}, "Amount of “Oats”: write a number"),
        ({"amount": ["-1", "", ""]}, "Amount of “Oats”: write a number"),
        ({"amount": ["1e400", "", ""]}, "Amount of “Oats”: write a number"),
        ({"amount": ["NaN", "", ""]}, "Amount of “Oats”: write a number"),
        ({"amount": ["Infinity", "", ""]}, "Amount of “Oats”: write a number"),
        ({"amount": ["0.123456789012", "", ""]}, "Amount of “Oats”: write a number"),
        ({"amount": ["1/0", "", ""]}, "Amount of “Oats”: write a number"),
        ({"amount": ["1,500", "", ""]}, "Amount of “Oats”: “1,500” could mean 1500 or 1.5."),
        ({"amount": ["1,000", "", ""]}, "Amount of “Oats”: “1,000” could mean 1000 or 1.0."),
        ({"amount": ["9" * 5000, "", ""]}, "Amount of “Oats”: write a number"),
        ({"unit": ["g" * 81, "", ""]}, "Unit of “Oats”: Use at most 80 characters"),
        ({"unit": ["\x00", "", ""]}, "Unit of “Oats”: Use signs that can be seen"),
        ({"category": "BRUNCH"}, "Choose one of the categories"),
        ({"category": ""}, "Choose a category"),
        ({"eaten_at": ""}, "Choose a date and a time"),
        ({"eaten_at": "noonish"}, "Choose a date and a time"),
        ({"eaten_at": "9999-12-31T23:59"}, "between the years 1900 and 2099"),
        ({"eaten_at": "9999-12-31T23:59-12:00"}, "between the years 1900 and 2099"),
        ({"eaten_at": "0001-01-01T00:00"}, "between the years 1900 and 2099"),
        ({"eaten_at": "2026-03-29T02:30"}, "The clocks went forward over this time"),
        ({"title": "t" * 201}, "Use at most 200 characters; these are 201."),
        ({"title": "\x00"}, "Use signs that can be seen"),
        ({"notes": "n" * 10_001}, "at most 10000 characters"),
        ({"notes": "\x00"}, "control characters"),
        ({"notes": "\x07"}, "control characters"),
    ],
)
def test_what_does_not_fit_is_named_with_its_mend(alices: Client, changes: dict[str, Any], mend: str) -> None:
    response = alices.post(URL, typed(**changes))
    assert response.status_code == 422
    assert mend in response.content.decode()
    assert not Meal.objects.exists()
    assert not Edible.objects.exists()


def test_htmx_gets_the_refused_form_alone_and_as_typed(alices: Client) -> None:
    response = alices.post(URL, typed(amount=["abc", "", ""]), headers={"HX-Request": "true"})
    page = response.content.decode()
    assert response.status_code == 422
    assert page.lstrip().startswith("<form")
    assert 'value="abc"' in page
    assert 'value="Milk"' in page


def test_a_flood_of_rows_is_refused(alices: Client) -> None:
    rows = ["Oats"] * 300
    response = alices.post(URL, typed(edible=rows, amount=rows, unit=rows))
    assert response.status_code == 422
    assert not Meal.objects.exists()


def test_a_flood_beyond_any_form_is_refused_before_it_is_read(alices: Client) -> None:
    assert alices.post(URL, typed(edible=["Oats"] * 3000)).status_code == 413
    assert not Meal.objects.exists()


@pytest.mark.parametrize("day", ["1899-12-31", "2100-01-01", "2026-02-30"])
def test_there_is_no_logging_on_what_is_no_day(alices: Client, day: str) -> None:
    assert alices.post(f"/day/{day}/meal/", typed()).status_code == 404
