from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.edibles.models import Edible, Ingredient
from apps.meals.models import Meal, Portion
from tests.factories import NOON, EdibleFactory, IngredientFactory, PortionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def milk(alice: User) -> Edible:
    return EdibleFactory.create(owner=alice, name="Milk", notes="From the <farm>.")


def url(edible: Edible) -> str:
    return reverse("edibles:edible", args=[edible.pk])


def test_the_owner_sees_it(alices: Client, milk: Edible) -> None:
    page = alices.get(url(milk)).content.decode()
    assert "<h1>Milk</h1>" in page
    assert "From the &lt;farm&gt;." in page


def test_to_a_stranger_it_is_not_there(bobs: Client, milk: Edible) -> None:
    assert bobs.get(url(milk)).status_code == 404


def test_who_is_not_signed_in_is_sent_to_log_in(client: Client, milk: Edible) -> None:
    assert client.get(url(milk)).status_code == 302


def test_it_is_only_read(alices: Client, milk: Edible) -> None:
    assert alices.post(url(milk)).status_code == 405


@pytest.mark.parametrize("pk", ["0", "9" * 19, "9" * 30, "9" * 5000])
def test_a_number_that_is_nobodys_is_not_found(alices: Client, pk: str) -> None:
    assert alices.get(f"/edibles/{pk}/").status_code == 404


def test_it_says_how_often_and_when_last_it_was_eaten(alices: Client, alice: User, milk: Edible) -> None:
    PortionFactory.create(meal__owner=alice, edible=milk)
    page = alices.get(url(milk)).content.decode()
    assert f'href="/meals/?edible={milk.pk}">In 1 meal</a>' in page
    assert "last on March 1, 2026" in page


def test_meals_count_in_which_it_was_an_ingredient(alices: Client, alice: User, milk: Edible) -> None:
    latte = IngredientFactory.create(container__owner=alice, edible=milk).container
    breakfast = IngredientFactory.create(container__owner=alice, edible=latte).container
    portion = PortionFactory.create(meal__owner=alice, edible=latte)
    PortionFactory.create(meal=portion.meal, edible=breakfast)
    context = alices.get(url(milk)).context
    assert (context["page"].paginator.count, context["times_within"]) == (1, 1)


def test_its_meals_are_listed_newest_first(alices: Client, alice: User, milk: Edible) -> None:
    latte = IngredientFactory.create(container__owner=alice, edible=milk).container
    PortionFactory.create(
        meal__owner=alice, meal__title="Latte", meal__eaten_at=NOON + timedelta(hours=1), edible=latte
    )
    PortionFactory.create(meal__owner=alice, meal__title="Milk alone", edible=milk)
    PortionFactory.create(meal__owner=alice, meal__title="Toast")
    assert [meal.title for meal in alices.get(url(milk)).context["page"]] == ["Latte", "Milk alone"]


def test_its_meals_come_ten_to_a_page(alices: Client, alice: User, milk: Edible) -> None:
    for hour in range(11):
        PortionFactory.create(meal__owner=alice, meal__eaten_at=NOON + timedelta(hours=hour), edible=milk)
    page = alices.get(url(milk), {"page": "2"}).context["page"]
    assert [meal.eaten_at for meal in page] == [NOON]


def test_what_was_not_eaten_is_no_meal_of_it(alices: Client, alice: User, milk: Edible) -> None:
    PortionFactory.create(meal__owner=alice, edible=milk, amount=0)
    assert alices.get(url(milk)).context["page"].paginator.count == 0


@pytest.mark.parametrize("count", [10, 1000])
def test_the_number_of_queries_stays_the_same(
    alices: Client, alice: User, milk: Edible, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    edibles = Edible.objects.bulk_create(Edible(owner=alice, name=f"Edible {n}") for n in range(count))
    links = [(milk, edible) for edible in edibles[::2]] + [(edible, milk) for edible in edibles[1::2]]
    Ingredient.objects.bulk_create(Ingredient(owner=alice, container=one, edible=other) for one, other in links)
    meal = Meal.objects.create(owner=alice, category="LUNCH", eaten_at=NOON)
    Portion.objects.bulk_create(Portion(owner=alice, meal=meal, edible=edible) for edible in edibles)
    with django_assert_num_queries(11):
        alices.get(url(milk))
