from typing import Any

import pytest
from django.db import DatabaseError

from apps.accounts.models import User
from apps.edibles.models import Edible
from apps.meals.actions import NewPortion, save_meal
from apps.meals.models import Meal, Portion
from tests.factories import NOON

pytestmark = pytest.mark.django_db


def test_a_meal_needs_a_portion(alice: User) -> None:
    with pytest.raises(ValueError, match="at least one portion"):
        save_meal(owner=alice, category="LUNCH", eaten_at=NOON, portions=[])
    assert not Meal.objects.exists()


def test_the_same_edible_may_come_twice(alice: User) -> None:
    meal = save_meal(owner=alice, category="LUNCH", eaten_at=NOON, portions=[NewPortion("Tea"), NewPortion("tea")])
    assert {portion.edible for portion in meal.portions.all()} == {alice.edibles.get()}
    assert meal.portions.count() == 2


def test_what_fails_halfway_leaves_nothing(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(Portion.objects, "bulk_create", fail)
    with pytest.raises(DatabaseError):
        save_meal(owner=alice, category="LUNCH", eaten_at=NOON, portions=[NewPortion("Tea")])
    assert not Meal.objects.exists()
    assert not Edible.objects.exists()


@pytest.mark.parametrize(
    ("hour", "category"), [(3, "SNACK"), (4, "BREAKFAST"), (11, "LUNCH"), (15, "SNACK"), (17, "DINNER"), (22, "SNACK")]
)
def test_the_hour_suggests_the_category(hour: int, category: str) -> None:
    assert Meal.Category.likely_at(NOON.replace(hour=hour).time()) == category
