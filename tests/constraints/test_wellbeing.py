from datetime import UTC, datetime

import pytest
from django.db.models import RestrictedError

from apps.accounts.models import User
from apps.wellbeing.models import Category, Entry, Option
from foodmood.days import LATEST
from tests.constraints.refusal import refused_by_the_database
from tests.factories import NOON, CategoryFactory, EntryFactory, OptionFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "twin"), [("Mood", "MOOD"), ("Übelkeit", "übelkeit"), ("Sleep quality", "sleep  quality")]
)
def test_a_category_is_there_once_whatever_its_case(alice: User, name: str, twin: str) -> None:
    CategoryFactory.create(owner=alice, name=name)
    with refused_by_the_database():
        Category.objects.create(owner=alice, name=twin)


@pytest.mark.parametrize("name", ["", "  ", "\u2003"])
def test_a_category_has_a_name(alice: User, name: str) -> None:
    with refused_by_the_database():
        Category.objects.create(owner=alice, name=name)


def test_a_label_is_there_once_in_its_category() -> None:
    option = OptionFactory.create(label="Größer", value=1)
    with refused_by_the_database():
        Option.objects.create(category=option.category, label="GRÖSSER", value=2)


def test_a_value_is_there_once_in_its_category() -> None:
    option = OptionFactory.create(label="Good", value=1)
    with refused_by_the_database():
        Option.objects.create(category=option.category, label="Great", value=1)


def test_two_categories_may_share_labels_and_values(alice: User) -> None:
    OptionFactory.create(category__owner=alice, label="Good", value=1)
    assert OptionFactory.create(category__owner=alice, label="Good", value=1).pk


def test_an_option_has_a_label() -> None:
    with refused_by_the_database():
        Option.objects.create(category=CategoryFactory.create(), label=" ", value=1)


@pytest.mark.parametrize("value", [-1001, 1001, 2**31 - 1])
def test_a_value_is_within_limits(value: int) -> None:
    with refused_by_the_database():
        Option.objects.create(category=CategoryFactory.create(), label="Far out", value=value)


@pytest.mark.parametrize("moment", [LATEST, datetime(9999, 12, 31, tzinfo=UTC), datetime(1899, 12, 31, tzinfo=UTC)])
def test_an_entry_is_within_a_life(moment: datetime) -> None:
    option = OptionFactory.create()
    with refused_by_the_database():
        Entry.objects.create(owner=option.category.owner, category=option.category, option=option, recorded_at=moment)


def test_an_entrys_option_is_of_its_category(alice: User) -> None:
    mood, sleep = CategoryFactory.create(owner=alice), OptionFactory.create(category__owner=alice)
    with refused_by_the_database():
        Entry.objects.create(owner=alice, category=mood, option=sleep, recorded_at=NOON)


def test_an_entrys_category_is_its_owners(alice: User, bob: User) -> None:
    option = OptionFactory.create(category__owner=bob)
    with refused_by_the_database():
        Entry.objects.create(owner=alice, category=option.category, option=option, recorded_at=NOON)


def test_an_entry_does_not_move_to_another_categorys_option() -> None:
    entry = EntryFactory.create()
    other = OptionFactory.create(category__owner=entry.owner)
    with refused_by_the_database():
        Entry.objects.filter(pk=entry.pk).update(option=other)


def test_an_entry_does_not_change_its_owner_alone(bob: User) -> None:
    entry = EntryFactory.create()
    with refused_by_the_database():
        Entry.objects.filter(pk=entry.pk).update(owner=bob)


def test_a_category_with_entries_does_not_change_its_owner(bob: User) -> None:
    entry = EntryFactory.create()
    with refused_by_the_database():
        Category.objects.filter(pk=entry.category_id).update(owner=bob)


def test_a_used_option_does_not_move_to_another_category() -> None:
    entry = EntryFactory.create()
    other = CategoryFactory.create(owner=entry.owner)
    with refused_by_the_database():
        Option.objects.filter(pk=entry.option_id).update(category=other)


def test_a_used_option_is_not_deleted() -> None:
    entry = EntryFactory.create()
    with pytest.raises(RestrictedError):
        entry.option.delete()


def test_a_category_with_entries_is_not_deleted() -> None:
    entry = EntryFactory.create()
    with pytest.raises(RestrictedError):
        entry.category.delete()
