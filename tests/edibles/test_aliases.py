import pytest

from apps.accounts.models import User
from apps.edibles.actions import save_edible
from apps.edibles.models import Alias, Edible
from foodmood.names import MOST_ALIASES
from tests.constraints.refusal import refused_by_the_database
from tests.factories import EdibleFactory

pytestmark = pytest.mark.django_db


def rename(pk: int, name: str) -> None:
    edible = Edible.objects.get(pk=pk)
    edible.name = name
    save_edible(edible=edible)


def test_renaming_keeps_the_former_name(alice: User) -> None:
    eggs = EdibleFactory.create(owner=alice, name="Eggs, Cooked")
    rename(eggs.pk, "Eggs")
    assert list(eggs.aliases.values_list("key", flat=True)) == ["eggs, cooked"]


@pytest.mark.parametrize("name", ["EGGS", "Eggs"])
def test_another_spelling_is_no_new_name(alice: User, name: str) -> None:
    rename(EdibleFactory.create(owner=alice, name="eggs").pk, name)
    assert not Alias.objects.exists()


def test_alias_leads_to_whoever_had_it_last(alice: User) -> None:
    first, second = (EdibleFactory.create(owner=alice, name=name) for name in ("Tea", "Mint"))
    rename(first.pk, "Black tea")
    rename(second.pk, "Tea")
    rename(second.pk, "Mint tea")
    assert Alias.objects.get(owner=alice, key="tea").edible == second


def test_oldest_aliases_are_forgotten(alice: User) -> None:
    edible = EdibleFactory.create(owner=alice, name="name 0")
    for number in range(MOST_ALIASES + 3):
        rename(edible.pk, f"name {number + 1}")
    keys = edible.aliases.order_by("pk").values_list("key", flat=True)
    assert (len(keys), keys[0]) == (MOST_ALIASES, "name 3")


def test_deleted_food_takes_its_aliases_along(alice: User) -> None:
    eggs = EdibleFactory.create(owner=alice, name="Eggs, Cooked")
    rename(eggs.pk, "Eggs")
    eggs.delete()
    assert not Alias.objects.exists()


def test_alias_of_somebody_elses_food_is_refused(alice: User, bob: User) -> None:
    edible = EdibleFactory.create(owner=bob)
    with refused_by_the_database():
        Alias.objects.create(owner=alice, key="mine", edible=edible)
