import itertools

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.edibles.expansion import DEEPEST, MOST, Branch, surroundings
from apps.edibles.models import Edible, Ingredient
from tests.factories import EdibleFactory, IngredientFactory

pytestmark = pytest.mark.django_db


def chain(owner: User, length: int) -> list[Edible]:
    """Each contains the next."""
    edibles = Edible.objects.bulk_create(Edible(owner=owner, name=f"Level {n:04}") for n in range(length))
    links = itertools.pairwise(edibles)
    Ingredient.objects.bulk_create(Ingredient(owner=owner, container=above, edible=below) for above, below in links)
    return edibles


def depth(branches: tuple[Branch, ...]) -> int:
    return 1 + max(depth(branch.branches) for branch in branches) if branches else 0


def test_what_is_inside_is_a_tree_by_name(alice: User) -> None:
    latte = EdibleFactory.create(owner=alice, name="Latte")
    milk = EdibleFactory.create(owner=alice, name="Milk")
    espresso = IngredientFactory.create(container=latte, edible__name="Espresso").edible
    IngredientFactory.create(container=latte, edible=milk)
    IngredientFactory.create(container=espresso, edible__name="Water")
    first, second = surroundings(latte).inside
    assert [first.edible.name, second.edible.name] == ["Espresso", "Milk"]
    assert [branch.edible.name for branch in first.branches] == ["Water"]


def test_what_was_shown_is_not_opened_again(alice: User) -> None:
    """A diamond on a diamond on a diamond would else double at every level."""
    tops = chain(alice, 6)
    for above, below in itertools.pairwise(tops):
        other = EdibleFactory.create(owner=alice)
        IngredientFactory.create(container=above, edible=other)
        IngredientFactory.create(container=other, edible=below)

    def count(branches: tuple[Branch, ...]) -> int:
        return sum(1 + count(branch.branches) for branch in branches)

    assert count(surroundings(tops[0]).inside) == Ingredient.objects.count()


def test_a_deep_recipe_ends_with_a_word_that_it_goes_on(alice: User) -> None:
    branch = surroundings(chain(alice, 1000)[0]).inside[0]
    assert depth((branch,)) == DEEPEST
    while branch.branches:
        branch = branch.branches[0]
    assert branch.goes_on


def test_a_wide_recipe_is_cut(alice: User) -> None:
    top = EdibleFactory.create(owner=alice)
    edibles = Edible.objects.bulk_create(Edible(owner=alice, name=f"Spice {n}") for n in range(MOST + 50))
    Ingredient.objects.bulk_create(Ingredient(owner=alice, container=top, edible=edible) for edible in edibles)
    around = surroundings(top)
    assert (len(around.inside), around.inside_count, around.is_cut) == (MOST, MOST + 50, True)


def test_containers_are_found_at_any_depth(alice: User) -> None:
    top, middle, bottom = chain(alice, 3)
    around = surroundings(bottom)
    assert around.used_in == (middle,)
    assert around.used_within == (top,)
    assert around.containers_count == 2


@pytest.mark.parametrize("length", [10, 1000])
def test_it_takes_two_queries_however_deep(
    alice: User, length: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    edibles = chain(alice, length)
    with django_assert_num_queries(2):
        surroundings(edibles[0])
