import pytest

from apps.accounts.models import User
from apps.journal.actions import check_in
from apps.wellbeing.actions import CategoryInUseError, OptionGoneError, delete_category
from apps.wellbeing.models import Category, Entry, Option
from tests.at_once import at_once
from tests.factories import NOON, OptionFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("_round", range(5))
def test_of_a_check_in_and_the_end_of_its_category_exactly_one_happens(alice: User, _round: int) -> None:
    option = OptionFactory.create(category__owner=alice)
    raised = at_once(
        [
            lambda: check_in(owner=alice, recorded_at=NOON, options=[Option.objects.get(pk=option.pk)]),
            lambda: delete_category(category=Category.objects.get(pk=option.category_id)),
        ]
    )
    assert [type(error) for error in raised if error] in (
        [OptionGoneError],
        [Option.DoesNotExist],
        [CategoryInUseError],
    )
    assert Entry.objects.exists() == Category.objects.exists()
