"""apps.edibles.actions: what contains what."""

import itertools

import pytest

from apps.accounts.models import User
from apps.edibles.actions import IngredientCycleError, get_or_create_edibles, set_ingredients
from apps.edibles.models import Edible, Ingredient
from tests.constraints.refusal import refused_by_the_database
from tests.factories import EdibleFactory

pytestmark = pytest.mark.django_db


def edibles(owner: User, *names: str) -> list[Edible]:
    return [EdibleFactory.create(owner=owner, name=name) for name in names]


def names_in(edible: Edible) -> list[str]:
    return [ingredient.name for ingredient in edible.ingredients.order_by("key")]


def test_ingredients_are_replaced(alice: User) -> None:
    latte, espresso, milk, oat_milk = edibles(alice, "Latte", "Espresso", "Milk", "Oat milk")
    set_ingredients(edible=latte, ingredients=[espresso, milk])
    set_ingredients(edible=latte, ingredients=[espresso, oat_milk])
    assert names_in(latte) == ["Espresso", "Oat milk"]


def test_setting_the_same_again_changes_nothing(alice: User) -> None:
    latte, milk = edibles(alice, "Latte", "Milk")
    set_ingredients(edible=latte, ingredients=[milk, milk])
    before = list(Ingredient.objects.values_list("pk", flat=True))
    set_ingredients(edible=latte, ingredients=[milk])
    assert list(Ingredient.objects.values_list("pk", flat=True)) == before


def test_all_can_be_taken_out(alice: User) -> None:
    latte, milk = edibles(alice, "Latte", "Milk")
    set_ingredients(edible=latte, ingredients=[milk])
    set_ingredients(edible=latte, ingredients=[])
    assert names_in(latte) == []


def test_an_edible_in_itself_is_refused(alice: User) -> None:
    (milk,) = edibles(alice, "Milk")
    with pytest.raises(IngredientCycleError, match="“Milk” would contain itself: Milk → Milk"):
        set_ingredients(edible=milk, ingredients=[milk])


def test_a_cycle_at_depth_is_refused_and_its_way_named(alice: User) -> None:
    lasagne, sauce, roux, butter = edibles(alice, "Lasagne", "Béchamel", "Roux", "Butter")
    set_ingredients(edible=lasagne, ingredients=[sauce])
    set_ingredients(edible=sauce, ingredients=[roux])
    set_ingredients(edible=roux, ingredients=[butter])
    with pytest.raises(IngredientCycleError, match=r"Butter → Lasagne → Béchamel → Roux → Butter\."):
        set_ingredients(edible=butter, ingredients=[lasagne])
    assert names_in(butter) == []


def test_a_refused_cycle_leaves_the_ingredients_as_they_were(alice: User) -> None:
    latte, milk, water = edibles(alice, "Latte", "Milk", "Water")
    set_ingredients(edible=latte, ingredients=[milk])
    set_ingredients(edible=milk, ingredients=[water])
    with pytest.raises(IngredientCycleError):
        set_ingredients(edible=milk, ingredients=[latte])
    assert names_in(milk) == ["Water"]


def test_two_ways_down_to_one_edible_are_no_cycle(alice: User) -> None:
    breakfast, latte, porridge, milk = edibles(alice, "Breakfast", "Latte", "Porridge", "Milk")
    set_ingredients(edible=latte, ingredients=[milk])
    set_ingredients(edible=porridge, ingredients=[milk])
    set_ingredients(edible=breakfast, ingredients=[latte, porridge, milk])
    assert names_in(breakfast) == ["Latte", "Milk", "Porridge"]


def test_a_cycle_below_a_thousand_levels_is_found(alice: User) -> None:
    chain = Edible.objects.bulk_create(Edible(owner=alice, name=f"Level {n}") for n in range(1000))
    links = itertools.pairwise(chain)
    Ingredient.objects.bulk_create(Ingredient(owner=alice, container=above, edible=below) for above, below in links)
    with pytest.raises(IngredientCycleError):
        set_ingredients(edible=chain[-1], ingredients=[chain[0]])


def test_a_strangers_edible_is_refused_by_the_database(alice: User, bob: User) -> None:
    (latte,), (milk,) = edibles(alice, "Latte"), edibles(bob, "Milk")
    with refused_by_the_database():
        set_ingredients(edible=latte, ingredients=[milk])
    assert names_in(latte) == []


def test_names_find_what_is_there_and_create_the_rest(alice: User, bob: User) -> None:
    (milk,) = edibles(alice, "Milk")
    edibles(bob, "Oats")
    found = get_or_create_edibles(owner=alice, names=["MILK", " Oats ", "oats"])
    assert found["milk"] == milk
    assert [edible.name for edible in alice.edibles.order_by("key")] == ["Milk", "Oats"]
