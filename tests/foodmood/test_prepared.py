from datetime import UTC, datetime
from decimal import Decimal

import pytest

from apps.accounts.models import User
from apps.edibles.models import Edible
from apps.meals.models import Meal, Portion
from foodmood.prepared import Prepared, given_key, given_moment

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SHOWN = ("pk", "eaten_at", "notes", "portions__amount", "portions__edible__name")


def meal(owner: User, at: datetime, amount: str = "1.500") -> Meal:
    made = Meal.objects.create(owner=owner, category="LUNCH", eaten_at=at)
    edible, _ = Edible.objects.get_or_create(owner=owner, name="Oats")
    Portion.objects.create(owner=owner, meal=made, edible=edible, amount=Decimal(amount))
    return made


def since() -> Prepared:
    return Prepared(
        lambda: (
            Meal.objects.filter(owner=given_key("owner"), eaten_at__gte=given_moment("start"), category="LUNCH")
            .order_by("eaten_at")
            .values_list(*SHOWN)
        )
    )


def test_its_rows_are_those_of_the_orm(alice: User) -> None:
    meal(alice, NOON)
    meal(alice, NOON.replace(hour=13), amount="0.125")
    plain = Meal.objects.filter(owner=alice, eaten_at__gte=NOON).order_by("eaten_at").values_list(*SHOWN)
    assert since().rows(owner=alice.pk, start=NOON) == list(plain)


def test_each_call_brings_its_own_values(alice: User, bob: User) -> None:
    early, late = meal(alice, NOON), meal(alice, NOON.replace(hour=13))
    meals = since()
    assert [pk for pk, *_ in meals.rows(owner=alice.pk, start=NOON)] == [early.pk, late.pk]
    assert [pk for pk, *_ in meals.rows(owner=alice.pk, start=late.eaten_at)] == [late.pk]
    assert meals.rows(owner=bob.pk, start=NOON) == []


def test_a_query_is_made_once(alice: User) -> None:
    made = []

    def make() -> object:
        made.append(1)
        return Meal.objects.filter(owner=given_key("owner")).values_list("pk")

    meals = Prepared(make)  # type: ignore[arg-type] # typed as what it counts
    for _ in range(3):
        meals.rows(owner=alice.pk)
    assert len(made) == 1


def test_a_value_that_is_not_given_is_missed(alice: User) -> None:
    with pytest.raises(KeyError, match="start"):
        since().rows(owner=alice.pk)
