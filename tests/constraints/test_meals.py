from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db.models import RestrictedError

from apps.accounts.models import User
from apps.edibles.models import Edible
from apps.meals.models import Meal, Portion
from foodmood.days import EARLIEST, LATEST
from tests.constraints.refusal import refused_by_the_database
from tests.factories import NOON, EdibleFactory, MealFactory, PortionFactory

pytestmark = pytest.mark.django_db

YEAR_9999 = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)


@pytest.mark.parametrize("category", ["", "BRUNCH", "lunch"])
def test_a_meal_has_a_known_category(alice: User, category: str) -> None:
    with refused_by_the_database():
        Meal.objects.create(owner=alice, category=category, eaten_at=NOON)


@pytest.mark.parametrize("moment", [YEAR_9999, LATEST, datetime(1899, 12, 31, 23, 59, tzinfo=UTC)])
def test_a_meal_is_within_a_life(alice: User, moment: datetime) -> None:
    with refused_by_the_database():
        Meal.objects.create(owner=alice, category="LUNCH", eaten_at=moment)


def test_a_life_begins_with_its_first_moment(alice: User) -> None:
    assert MealFactory.create(owner=alice, eaten_at=EARLIEST).pk


def test_an_amount_is_not_negative() -> None:
    portion = PortionFactory.create()
    with refused_by_the_database():
        Portion.objects.filter(pk=portion.pk).update(amount=Decimal("-0.001"))


@pytest.mark.parametrize("amount", [None, 0, Decimal("9999999.999")])
def test_an_amount_may_be_left_out_or_nothing_or_large(amount: Decimal | None) -> None:
    portion = PortionFactory.create(amount=amount)
    portion.refresh_from_db()
    assert portion.amount == amount


def test_a_portion_is_not_of_somebody_elses_edible(alice: User, bob: User) -> None:
    meal, edible = MealFactory.create(owner=alice), EdibleFactory.create(owner=bob)
    with refused_by_the_database():
        Portion.objects.create(owner=alice, meal=meal, edible=edible)


def test_a_portion_is_not_in_somebody_elses_meal(alice: User, bob: User) -> None:
    meal, edible = MealFactory.create(owner=bob), EdibleFactory.create(owner=alice)
    with refused_by_the_database():
        Portion.objects.create(owner=alice, meal=meal, edible=edible)


def test_a_portion_does_not_move_to_somebody_elses_meal(bob: User) -> None:
    portion, meal = PortionFactory.create(), MealFactory.create(owner=bob)
    with refused_by_the_database():
        Portion.objects.filter(pk=portion.pk).update(meal=meal)


def test_a_meal_with_portions_does_not_change_its_owner(bob: User) -> None:
    portion = PortionFactory.create()
    with refused_by_the_database():
        Meal.objects.filter(pk=portion.meal_id).update(owner=bob)


def test_an_edible_that_was_eaten_does_not_change_its_owner(bob: User) -> None:
    portion = PortionFactory.create()
    with refused_by_the_database():
        Edible.objects.filter(pk=portion.edible_id).update(owner=bob)


def test_an_edible_that_was_eaten_is_not_deleted() -> None:
    portion = PortionFactory.create()
    with pytest.raises(RestrictedError):
        portion.edible.delete()
