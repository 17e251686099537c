import pytest

from apps.accounts.diary import GoneError
from apps.accounts.models import User
from apps.meals.actions import NewPortion, delete_meal, repeat_meal, save_meal
from apps.meals.models import Meal, Portion
from tests.at_once import at_once
from tests.factories import NOON, PortionFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("_round", range(5))
def test_a_meal_that_is_deleted_while_it_is_changed_is_gone(alice: User, _round: int) -> None:
    meal = PortionFactory.create(meal__owner=alice).meal
    raised = at_once(
        [
            lambda: save_meal(
                owner=alice,
                meal=Meal.objects.get(pk=meal.pk),
                category="LUNCH",
                eaten_at=NOON,
                portions=[NewPortion("Tea"), NewPortion("Oats")],
            ),
            lambda: delete_meal(meal=Meal.objects.get(pk=meal.pk)),
        ]
    )
    assert all(isinstance(error, GoneError | Meal.DoesNotExist) for error in raised if error)
    assert raised[1] is None
    assert not Meal.objects.exists()
    assert not Portion.objects.exists()


@pytest.mark.parametrize("_round", range(3))
def test_deleting_twice_and_logging_again_at_once_breaks_nothing(alice: User, _round: int) -> None:
    pk = PortionFactory.create(meal__owner=alice).meal_id
    one, other, third = (Meal.objects.get(pk=pk) for _ in range(3))
    raised = at_once(
        [
            lambda: delete_meal(meal=one),
            lambda: delete_meal(meal=other),
            lambda: repeat_meal(meal=third, eaten_at=NOON),
        ]
    )
    assert raised[:2] == [None, None]
    assert isinstance(raised[2], GoneError | None)
    assert not Meal.objects.filter(pk=pk).exists()
