"""A meal that is changed keeps the rows of the portions that stay: imports know them by number."""

import pytest
from pytest_django import Settings

from apps.accounts.models import User
from apps.meals.actions import NewPortion, save_meal
from apps.meals.models import Meal
from tests.factories import NOON

pytestmark = pytest.mark.django_db


def saved(owner: User, names: str, meal: Meal | None = None) -> Meal:
    portions = [NewPortion(name) for name in names]
    return save_meal(owner=owner, category="LUNCH", eaten_at=NOON, portions=portions, meal=meal)


def rows_of(meal: Meal) -> dict[int, str]:
    return {row.pk: row.edible.name for row in meal.portions.select_related("edible")}


@pytest.mark.parametrize(
    ("before", "after", "stay"),
    [
        ("ABC", "ABC", 3),
        ("ABC", "AC", 2),
        ("ABC", "C", 1),
        ("ABC", "ABCD", 3),
        ("ABC", "CAB", 1),
        ("AAB", "AB", 2),
        ("ABC", "AXBC", 1),  # rows are in the order of their numbers: what follows a new one is new
        ("AB", "XY", 0),
    ],
)
def test_portions_that_stay_keep_their_rows(alice: User, before: str, after: str, stay: int) -> None:
    meal = saved(alice, before)
    old = rows_of(meal)
    saved(alice, after, meal)
    new = rows_of(meal)
    assert "".join(new.values()) == after
    assert sum(old.get(pk) == name for pk, name in new.items()) == stay


def test_replaced_food_takes_over_its_row(alice: User) -> None:
    meal = saved(alice, "ABC")
    old = list(rows_of(meal))
    saved(alice, "AXC", meal)
    assert list(rows_of(meal)) == old


def test_changed_amounts_and_units_are_written(alice: User) -> None:
    meal = saved(alice, "AB")
    save_meal(
        owner=alice,
        category="LUNCH",
        eaten_at=NOON,
        portions=[NewPortion("A", None, "cup"), NewPortion("B")],
        meal=meal,
    )
    assert list(meal.portions.values_list("unit", flat=True)) == ["cup", ""]


def test_thousands_of_like_portions_are_quick(alice: User, settings: Settings) -> None:
    settings.DIARY_QUOTAS = settings.DIARY_QUOTAS | {"portions_of_meal": 3000}
    meal = saved(alice, "A" * 3000)
    saved(alice, "A" * 1500 + "B" * 1500, meal)
    assert meal.portions.filter(edible__name="B").count() == 1500
