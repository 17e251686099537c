from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from apps.accounts.diary import lock_diary, refuse_gone
from apps.accounts.models import User
from apps.edibles.actions import get_or_create_edibles
from apps.meals.models import Meal, Portion
from foodmood.names import fold


class EmptyMealError(ValueError):
    """A meal needs at least one portion. Only an archive may bring one without."""


@dataclass(frozen=True)
class NewPortion:
    """An edible by its name, which may be new, with an optional amount in a unit of the person's own."""

    edible: str
    amount: Decimal | None = None
    unit: str = ""


@transaction.atomic
def save_meal(  # noqa: PLR0913 -- a meal has these parts
    *,
    owner: User,
    category: str,
    eaten_at: datetime,
    portions: Sequence[NewPortion],
    title: str = "",
    notes: str = "",
    meal: Meal | None = None,
) -> Meal:
    """Writes a new meal, or changes the one given. Edibles not there yet are created; portions are replaced.

    Raises EmptyMealError without portions, and GoneError.
    """
    if not portions:
        raise EmptyMealError("A meal needs at least one portion.")
    lock_diary(owner)
    if meal:
        refuse_gone(meal)
    edibles = get_or_create_edibles(owner=owner, names=[portion.edible for portion in portions])
    meal = meal or Meal(owner=owner)
    meal.title, meal.category, meal.eaten_at, meal.notes = title, category, eaten_at, notes
    meal.save()
    meal.portions.all().delete()
    Portion.objects.bulk_create(
        Portion(owner=owner, meal=meal, edible=edibles[fold(portion.edible)], amount=portion.amount, unit=portion.unit)
        for portion in portions
    )
    return meal


@transaction.atomic
def repeat_meal(*, meal: Meal, eaten_at: datetime) -> Meal:
    """The same again at another time. Its notes were about that one time and stay there.

    Raises EmptyMealError and GoneError.
    """
    lock_diary(meal.owner)
    refuse_gone(meal)
    return save_meal(
        owner=meal.owner,
        title=meal.title,
        category=meal.category,
        eaten_at=eaten_at,
        portions=[
            NewPortion(portion.edible.name, portion.amount, portion.unit)
            for portion in meal.portions.select_related("edible")
        ],
    )


@transaction.atomic
def delete_meal(*, meal: Meal) -> None:
    lock_diary(meal.owner)
    meal.delete()
