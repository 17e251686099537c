from collections.abc import Callable

import pytest

from apps.accounts.models import User
from apps.edibles.actions import (
    IngredientCycleError,
    NameTakenError,
    get_or_create_edibles,
    save_edible,
    set_ingredients,
)
from apps.edibles.models import Edible, Ingredient
from tests.at_once import at_once
from tests.factories import EdibleFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("_round", range(5))
def test_of_two_halves_of_a_cycle_exactly_one_is_written(alice: User, _round: int) -> None:
    hen, egg = EdibleFactory.create(owner=alice, name="Hen"), EdibleFactory.create(owner=alice, name="Egg")
    raised = at_once(
        [
            lambda: set_ingredients(edible=hen, ingredients=[egg]),
            lambda: set_ingredients(edible=egg, ingredients=[hen]),
        ]
    )
    assert [type(error) for error in raised if error] == [IngredientCycleError]
    assert Ingredient.objects.count() == 1


def test_of_a_longer_cycle_one_part_is_refused(alice: User) -> None:
    ring = [EdibleFactory.create(owner=alice) for _ in range(4)]
    pairs = list(zip(ring, [*ring[1:], ring[0]], strict=True))
    raised = at_once(
        [lambda above=above, below=below: set_ingredients(edible=above, ingredients=[below]) for above, below in pairs]  # type: ignore[misc] # a lambda with defaults
    )
    assert [type(error) for error in raised if error] == [IngredientCycleError]
    assert Ingredient.objects.count() == 3


def test_one_name_is_created_once(alice: User) -> None:
    raised = at_once([lambda: get_or_create_edibles(owner=alice, names=["Kimchi", "Rice"])] * 3)
    assert raised == [None, None, None]
    assert alice.edibles.count() == 2


def test_of_two_edibles_of_one_name_one_is_refused(alice: User) -> None:
    def write(name: str) -> Callable[[], Edible]:
        return lambda: save_edible(edible=Edible(owner=alice, name=name))

    raised = at_once([write("Kimchi"), write("kimchi")])
    assert [type(error) for error in raised if error] == [NameTakenError]
    assert alice.edibles.count() == 1
