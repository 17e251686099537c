"""Beyond a limit a form is refused with the count and the limit, and nothing is saved."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import User
from apps.edibles.actions import set_ingredients
from apps.edibles.models import Edible, Ingredient
from apps.meals.models import Meal, Portion
from apps.wellbeing.models import Category, Entry, Option
from tests.factories import (
    NOON,
    CategoryFactory,
    EdibleFactory,
    EntryFactory,
    IngredientFactory,
    MealFactory,
    OptionFactory,
    PortionFactory,
)

MODELS = (Edible, Ingredient, Meal, Portion, Category, Option, Entry)
MEAL = {"edible": ["Oats", "Milk"], "category": "LUNCH", "eaten_at": "2026-03-01T13:00"}
DAY = "/day/2026-03-01/"


@pytest.fixture
def at_most(settings: Settings) -> Callable[..., None]:
    def set_quotas(**quotas: int) -> None:
        settings.DIARY_QUOTAS = settings.DIARY_QUOTAS | quotas

    return set_quotas


@pytest.fixture
def scale(alice: User) -> Option:
    OptionFactory.create(category__owner=alice, value=1)
    return OptionFactory.create(category=alice.categories.get(), value=2)


def rows() -> list[int]:
    return [model._default_manager.count() for model in MODELS]  # noqa: SLF001 -- Django's documented API


def refused(client: Client, path: str, data: dict[str, Any], said: str) -> bool:
    """Whether the answer says so, as a page of its own or on the next page, and nothing was written."""
    before = rows()
    answer = client.post(path, data, follow=True)
    return said in answer.content.decode() and rows() == before and answer.status_code in {200, 422}


@pytest.mark.parametrize(
    ("quotas", "said"),
    [
        ({"foods": 1}, "A diary can have up to 1 foods, not 2: delete foods that you no longer use."),
        ({"meals": 2}, "A diary can have up to 2 meals, not 3"),
        ({"meals_of_day": 2}, "A day can have up to 2 meals; March 1, 2026 would have 3"),
        ({"portions_of_meal": 1}, "A meal can have up to 1 foods; this meal would have 2: split it into two meals."),
        ({"portions": 1}, "All meals together can have up to 1 foods, not 2"),
    ],
)
def test_a_meal_too_many(
    alices: Client, alice: User, at_most: Callable[..., None], quotas: dict[str, int], said: str
) -> None:
    for _ in range(2):
        MealFactory.create(owner=alice)
    at_most(**quotas)
    assert refused(alices, f"{DAY}meal/", MEAL, said)
    at_most(**{key: most + 1 for key, most in quotas.items()})
    assert alices.post(f"{DAY}meal/", MEAL).status_code == 302


def test_a_meal_logged_again_too_many(alices: Client, alice: User, at_most: Callable[..., None]) -> None:
    meal = PortionFactory.create(meal__owner=alice).meal
    at_most(meals=1)
    assert refused(alices, f"/meals/{meal.pk}/again/", {}, "A diary can have up to 1 meals, not 2")


def test_a_meal_may_not_move_into_a_full_day(alices: Client, alice: User, at_most: Callable[..., None]) -> None:
    MealFactory.create(owner=alice)
    meal = PortionFactory.create(meal__owner=alice, meal__eaten_at=NOON.replace(day=2)).meal
    at_most(meals_of_day=1)
    assert refused(alices, f"/meals/{meal.pk}/", MEAL, "March 1, 2026 would have 2")


def test_a_meal_in_a_full_day_can_change(alices: Client, alice: User, at_most: Callable[..., None]) -> None:
    meal, _other = (PortionFactory.create(meal__owner=alice).meal for _ in range(2))
    at_most(meals_of_day=1, meals=1, portions=1, portions_of_meal=1)
    assert alices.post(f"/meals/{meal.pk}/", MEAL | {"edible": ["Oats"]}).status_code == 302


def test_a_food_too_many(alices: Client, alice: User, at_most: Callable[..., None]) -> None:
    edible = EdibleFactory.create(owner=alice)
    at_most(foods=1)
    said = "A diary can have up to 1 foods, not 2"
    assert refused(alices, "/edibles/new/", {"name": "Milk"}, said)
    assert refused(alices, f"/edibles/{edible.pk}/duplicate/", {"name": "Milk"}, said)
    assert alices.post(f"/edibles/{edible.pk}/edit/", {"name": "Milk"}).status_code == 302


@pytest.mark.parametrize(
    ("quotas", "said"),
    [
        ({"foods": 3}, "A diary can have up to 3 foods, not 4"),
        ({"ingredients_of_food": 1}, "A food can have up to 1 ingredients; “Latte” would have 2"),
        ({"ingredients": 1}, "All foods together can have up to 1 ingredients, not 2"),
        ({"containers_of_food": 1}, "A food can be an ingredient of up to 1 others; “Milk” would be in 2"),
    ],
)
def test_an_ingredient_too_many(
    alices: Client, alice: User, at_most: Callable[..., None], quotas: dict[str, int], said: str
) -> None:
    milk = IngredientFactory.create(container__owner=alice, edible__name="Milk").edible
    latte = EdibleFactory.create(owner=alice, name="Latte")
    at_most(**quotas)
    added = ["Milk", "Foam"]
    if "ingredients" in quotas:
        added = ["Milk"]
    assert refused(alices, f"/edibles/{latte.pk}/edit/", {"name": "Latte", "added": added}, said)
    assert not latte.ingredients.exists()
    at_most(**{key: most + 1 for key, most in quotas.items()})
    assert alices.post(f"/edibles/{latte.pk}/edit/", {"name": "Latte", "added": added}).status_code == 302
    assert milk in latte.ingredients.all()


def test_a_food_with_more_can_have_fewer(alice: User, at_most: Callable[..., None]) -> None:
    latte = EdibleFactory.create(owner=alice)
    inside = [IngredientFactory.create(container=latte).edible for _ in range(3)]
    at_most(ingredients_of_food=1, ingredients=1, containers_of_food=0)
    set_ingredients(edible=latte, ingredients=inside[:2])
    assert latte.ingredients.count() == 2


def category_form(**changes: Any) -> dict[str, Any]:
    steps = {f"options-{n}-{key}": value for n in range(3) for key, value in (("label", f"Step {n}"), ("value", n))}
    form = {"name": "Sleep", "higher_is_better": "True", "options-TOTAL_FORMS": 3, "options-INITIAL_FORMS": 0}
    return form | steps | changes


@pytest.mark.parametrize(
    ("quotas", "said"),
    [
        ({"categories": 1}, "A diary can have up to 1 categories, not 2"),
        ({"active_categories": 1}, "You can rate up to 1 categories, not 2: archive one of them first."),
        ({"steps_of_category": 2}, "A scale holds up to 2 steps"),
    ],
)
@pytest.mark.usefixtures("scale")
def test_a_category_too_many(alices: Client, at_most: Callable[..., None], quotas: dict[str, int], said: str) -> None:
    at_most(**quotas)
    assert refused(alices, "/wellbeing/categories/new/", category_form(), said)
    at_most(**{key: most + 1 for key, most in quotas.items()})
    assert alices.post("/wellbeing/categories/new/", category_form()).status_code == 302


def test_an_archived_category_stays_archived(alices: Client, scale: Option, at_most: Callable[..., None]) -> None:
    archived = CategoryFactory.create(owner=scale.category.owner, is_active=False)
    at_most(active_categories=1)
    said = "You can rate up to 1 categories, not 2"
    assert refused(alices, f"/wellbeing/categories/{archived.pk}/restore/", {}, said)
    archived.refresh_from_db()
    assert not archived.is_active


@pytest.mark.parametrize("path", ["/wellbeing/categories/starters/", "/log/starter-categories/"])
@pytest.mark.usefixtures("scale")
def test_starters_too_many(alices: Client, at_most: Callable[..., None], path: str) -> None:
    at_most(categories=4)
    assert refused(alices, path, {}, "A diary can have up to 4 categories, not 5")


@pytest.mark.parametrize(
    ("quotas", "said"),
    [
        ({"entries": 1}, "A diary can have up to 1 ratings, not 2"),
        ({"entries_of_day": 1}, "A day can have up to 1 ratings; March 1, 2026 would have 2"),
    ],
)
def test_a_rating_too_many(
    alices: Client, scale: Option, at_most: Callable[..., None], quotas: dict[str, int], said: str
) -> None:
    EntryFactory.create(option=scale)
    form = {f"category-{scale.category_id}": scale.pk, "recorded_at": "2026-03-01T13:00"}
    at_most(**quotas)
    assert refused(alices, f"{DAY}check-in/", form, said)
    at_most(**{key: most + 1 for key, most in quotas.items()})
    assert alices.post(f"{DAY}check-in/", form).status_code == 302


def test_a_rating_may_not_move_into_a_full_day(alices: Client, scale: Option, at_most: Callable[..., None]) -> None:
    EntryFactory.create(option=scale)
    entry = EntryFactory.create(option=scale, recorded_at=NOON.replace(day=2))
    at_most(entries_of_day=1)
    form = {"option": scale.pk, "recorded_at": "2026-03-01T13:00"}
    assert refused(alices, f"/wellbeing/entries/{entry.pk}/", form, "March 1, 2026 would have 2")
    entry.refresh_from_db()
    assert entry.recorded_at == NOON.replace(day=2)
