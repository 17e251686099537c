import pytest

from apps.accounts.models import User
from apps.edibles.models import Edible, Ingredient
from tests.constraints.refusal import refused_by_the_database
from tests.factories import EdibleFactory, IngredientFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("twin", ["oat milk", "OAT MILK", "Oat  Milk", " oat milk ", "Ｏat milk"])
def test_a_name_is_there_once_whatever_its_case_width_and_spaces(alice: User, twin: str) -> None:
    EdibleFactory.create(owner=alice, name="Oat milk")
    with refused_by_the_database():
        Edible.objects.create(owner=alice, name=twin)


def test_case_is_folded_beyond_ascii(alice: User) -> None:
    EdibleFactory.create(owner=alice, name="Äpfel")
    with refused_by_the_database():
        Edible.objects.create(owner=alice, name="äpfel")


def test_two_people_may_use_one_name(alice: User, bob: User) -> None:
    EdibleFactory.create(owner=alice, name="Oat milk")
    assert EdibleFactory.create(owner=bob, name="Oat milk").pk


def test_a_renamed_edible_keeps_to_the_rule(alice: User) -> None:
    EdibleFactory.create(owner=alice, name="Oat milk")
    other = EdibleFactory.create(owner=alice, name="Rice milk")
    other.name = "OAT MILK"
    with refused_by_the_database():
        other.save()


@pytest.mark.parametrize("name", ["", " ", "\t\n", "\u00a0", "\u3000"])
def test_an_edible_has_a_name(alice: User, name: str) -> None:
    with refused_by_the_database():
        Edible.objects.create(owner=alice, name=name)


def test_an_edible_is_no_ingredient_of_itself(alice: User) -> None:
    milk = EdibleFactory.create(owner=alice)
    with refused_by_the_database():
        Ingredient.objects.create(owner=alice, container=milk, edible=milk)


def test_an_ingredient_is_there_once(alice: User) -> None:
    link = IngredientFactory.create(owner=alice, container__owner=alice)
    with refused_by_the_database():
        Ingredient.objects.create(owner=alice, container=link.container, edible=link.edible)


def test_an_ingredient_is_not_somebody_elses(alice: User, bob: User) -> None:
    latte, milk = EdibleFactory.create(owner=alice), EdibleFactory.create(owner=bob)
    with refused_by_the_database():
        Ingredient.objects.create(owner=alice, container=latte, edible=milk)


def test_a_container_is_not_somebody_elses(alice: User, bob: User) -> None:
    latte, milk = EdibleFactory.create(owner=bob), EdibleFactory.create(owner=alice)
    with refused_by_the_database():
        Ingredient.objects.create(owner=alice, container=latte, edible=milk)


def test_an_ingredient_does_not_become_somebody_elses(bob: User) -> None:
    link, milk = IngredientFactory.create(), EdibleFactory.create(owner=bob)
    with refused_by_the_database():
        Ingredient.objects.filter(pk=link.pk).update(edible=milk)


def test_an_ingredient_does_not_change_its_owner_alone(bob: User) -> None:
    link = IngredientFactory.create()
    with refused_by_the_database():
        Ingredient.objects.filter(pk=link.pk).update(owner=bob)


def test_an_edible_in_use_does_not_change_its_owner(bob: User) -> None:
    link = IngredientFactory.create()
    with refused_by_the_database():
        Edible.objects.filter(pk=link.edible_id).update(owner=bob)
    with refused_by_the_database():
        Edible.objects.filter(pk=link.container_id).update(owner=bob)
