from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.edibles.models import Edible
from apps.meals.models import Meal, Portion
from tests.factories import EdibleFactory, IngredientFactory, MealFactory, PortionFactory

pytestmark = pytest.mark.django_db


def fill(owner: User, number: int) -> None:
    edible = Edible.objects.get_or_create(owner=owner, name="Oats")[0]
    start = datetime(2026, 3, 1, tzinfo=UTC)
    meals = Meal.objects.bulk_create(
        Meal(owner=owner, category="SNACK", eaten_at=start + timedelta(hours=n), title=f"Meal {n}")
        for n in range(number)
    )
    Portion.objects.bulk_create(Portion(owner=owner, meal=meal, edible=edible) for meal in meals)


def test_a_stranger_is_sent_to_log_in(client: Client) -> None:
    assert client.get("/meals/").headers["Location"] == "/accounts/login/?next=/meals/"


def test_the_list_is_read_only(alices: Client) -> None:
    assert alices.post("/meals/").status_code == 405


def test_without_meals_the_page_says_what_belongs_there(alices: Client) -> None:
    assert "Log the first meal" in alices.get("/meals/").content.decode()


def test_meals_stand_under_their_local_day_newest_first(alices: Client, alice: User) -> None:
    MealFactory.create(owner=alice, title="Early", eaten_at=datetime(2026, 3, 1, 12, tzinfo=UTC))
    MealFactory.create(owner=alice, title="Late", eaten_at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC))
    page = alices.get("/meals/").content.decode()
    order = [page.index(word) for word in ("March 2, 2026", "Late", "March 1, 2026", "Early")]
    assert order == sorted(order)


def test_somebody_elses_meals_are_not_there(bobs: Client, alice: User) -> None:
    MealFactory.create(owner=alice, title="Alice’s secret cake")
    assert "Alice’s" not in bobs.get("/meals/").content.decode()


def test_a_page_has_thirty_meals(alices: Client, alice: User) -> None:
    fill(alice, 31)
    assert alices.get("/meals/").content.decode().count("<time ") == 30
    assert alices.get("/meals/?page=2").content.decode().count("<time ") == 1


@pytest.mark.parametrize(
    ("page", "nearest"), [("99", 2), ("0", 1), ("-1", 1), ("x", 1), ("", 1), ("9" * 4000, 2), ("\x00", 1)]
)
def test_a_page_that_is_none_is_the_nearest(alices: Client, alice: User, page: str, nearest: int) -> None:
    fill(alice, 31)
    response = alices.get("/meals/", {"page": page})
    assert f"Page {nearest} of 2" in response.content.decode()


def test_meals_with_one_edible_can_be_listed(alices: Client, alice: User) -> None:
    oats = EdibleFactory.create(owner=alice, name="Oats")
    PortionFactory.create(meal__owner=alice, meal__title="Porridge", edible=oats)
    MealFactory.create(owner=alice, title="Toast")
    page = alices.get("/meals/", {"edible": oats.pk}).content.decode()
    assert "Porridge" in page
    assert "with “Oats”" in page
    assert "Toast" not in page


def test_meals_with_an_ingredient_are_listed_too(alices: Client, alice: User, bob: User) -> None:
    milk = EdibleFactory.create(owner=alice, name="Milk")
    foam = IngredientFactory.create(container__owner=alice, edible=milk).container
    latte = IngredientFactory.create(container=IngredientFactory.create(edible=foam, container__owner=alice).container)
    for title, eaten in {"Milk": milk, "Foam": foam, "Latte": latte.container, "Other": latte.edible}.items():
        PortionFactory.create(meal__owner=alice, meal__title=f"{title} for lunch", edible=eaten)
    PortionFactory.create(meal__owner=alice, meal__title="Left the milk", edible=milk, amount=0)
    page = alices.get("/meals/", {"edible": milk.pk}).content.decode()
    titles = [title for title in ("Milk for", "Foam for", "Latte for", "Other for", "Left the milk") if title in page]
    assert titles == ["Milk for", "Foam for", "Latte for"]


def test_the_pages_of_one_edible_keep_to_it(alices: Client, alice: User) -> None:
    fill(alice, 31)
    oats = alice.edibles.get()
    assert f'href="?edible={oats.pk}&amp;page=2"' in alices.get("/meals/", {"edible": oats.pk}).content.decode()


def test_somebody_elses_edible_does_not_exist(bobs: Client, alice: User) -> None:
    oats = EdibleFactory.create(owner=alice)
    assert bobs.get("/meals/", {"edible": oats.pk}).status_code == 404


@pytest.mark.parametrize("edible", ["x", "-1", "0", "1.5", "9" * 30, "9" * 4000, "\x00"])
def test_what_is_no_edible_does_not_exist(alices: Client, edible: str) -> None:
    assert alices.get("/meals/", {"edible": edible}).status_code == 404


@pytest.mark.parametrize("query", ["birth", "candles", "CAKE"])
def test_meals_are_found_by_title_notes_and_edibles(alices: Client, alice: User, query: str) -> None:
    PortionFactory.create(
        meal__owner=alice, meal__title="Birthday", meal__notes="With candles", edible__name="Carrot cake"
    )
    MealFactory.create(owner=alice, title="Toast")
    page = alices.get("/meals/", {"q": query}).content.decode()
    assert "Birthday" in page
    assert "Toast" not in page


@pytest.mark.parametrize("query", ["\x00", "a" * 4000, "\ufdfa" * 200, "%", "nothing"])
def test_a_search_without_a_find_says_what_to_do(alices: Client, alice: User, query: str) -> None:
    MealFactory.create(owner=alice, title="Toast")
    assert "No meal fits" in alices.get("/meals/", {"q": query}).content.decode()


def test_a_long_history_takes_no_more_queries(alices: Client, alice: User) -> None:
    fill(alice, 10)
    with CaptureQueriesContext(connection) as few:
        alices.get("/meals/", {"q": "oats"})
    fill(alice, 1000)
    with CaptureQueriesContext(connection) as many:
        assert alices.get("/meals/", {"q": "oats"}).status_code == 200
    assert len(many) == len(few)
