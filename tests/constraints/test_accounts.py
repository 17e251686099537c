import pytest
from django.contrib.auth.models import Group

from apps.accounts.models import User
from tests.constraints.refusal import refused_by_the_database
from tests.factories import EntryFactory, IngredientFactory, PortionFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_an_address_is_there_once_whatever_its_case(alice: User) -> None:
    with refused_by_the_database():
        User.objects.bulk_create([User(email="ALICE@example.org")])


def test_a_person_can_be_deleted_with_a_full_diary(alice: User) -> None:
    """What an entry or a portion holds on to goes with them."""
    link = IngredientFactory.create(container__owner=alice)
    PortionFactory.create(meal__owner=alice, edible=link.edible)
    EntryFactory.create(option__category__owner=alice)
    alice.groups.add(Group.objects.create(name="Testers"))
    kept = PortionFactory.create(meal__owner=UserFactory.create())
    alice.delete()
    assert list(User.objects.all()) == [kept.owner]
