from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.accounts.diary import lock_diary, refuse_gone
from apps.accounts.models import User
from apps.accounts.quotas import quoted, refuse_over_quota
from apps.edibles.actions import get_or_create_edibles
from apps.meals.models import Meal, Portion
from foodmood.days import day_bounds
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
    time_guessed: bool = False,
    meal: Meal | None = None,
) -> Meal:
    """Writes a new meal, or changes the one given. Edibles not there yet are created; no other portions stay.

    Raises EmptyMealError without portions, QuotaError and GoneError.
    """
    if not portions:
        raise EmptyMealError("A meal needs at least one portion.")
    lock_diary(owner)
    if meal:
        refuse_gone(meal)
    _refuse_too_many(owner, meal, eaten_at, portions=len(portions), title=title)
    edibles = get_or_create_edibles(owner=owner, names=[portion.edible for portion in portions])
    meal = meal or Meal(owner=owner)
    meal.title, meal.category, meal.eaten_at, meal.notes = title, category, eaten_at, notes
    meal.time_guessed = time_guessed
    meal.save()
    _write_portions(
        meal,
        [
            Portion(
                owner=owner, meal=meal, edible=edibles[fold(portion.edible)], amount=portion.amount, unit=portion.unit
            )
            for portion in portions
        ],
    )
    return meal


def _refuse_too_many(owner: User, meal: Meal | None, eaten_at: datetime, *, portions: int, title: str) -> None:
    before = meal.portions.count() if meal else 0
    refuse_over_quota("portions_of_meal", portions, before=before, name=quoted(title) if title else _("this meal"))
    if portions > before:
        refuse_over_quota("portions", Portion.objects.filter(owner=owner).count() - before + portions)
    if meal is None:
        refuse_over_quota("meals", owner.meals.count() + 1)
    day = eaten_at.astimezone(owner.zone).date()
    start, end = day_bounds(day, owner.zone)
    of_day = owner.meals.filter(eaten_at__gte=start, eaten_at__lt=end)
    if meal is None or not of_day.filter(pk=meal.pk).exists():
        refuse_over_quota("meals_of_day", of_day.count() + 1, name=date_format(day))


def _write_portions(meal: Meal, wanted: Sequence[Portion]) -> None:
    """Makes these the meal's portions, in this order. A portion that stays keeps its row, by which an import knows it.

    Rows are in the order of their numbers: after a new one, only new ones can follow.
    """
    rows = list(meal.portions.order_by("pk"))
    places = _places([row.edible_id for row in rows], [portion.edible_id for portion in wanted])
    kept = [rows[place] for place in places]
    changed = []
    for row, portion in zip(kept, wanted, strict=False):
        portion.pk = row.pk
        if any(getattr(row, name) != getattr(portion, name) for name in ("edible_id", "amount", "unit")):
            changed.append(portion)
    meal.portions.exclude(pk__in=[row.pk for row in kept]).delete()
    Portion.objects.bulk_update(changed, ["edible", "amount", "unit"])
    Portion.objects.bulk_create(wanted[len(kept) :])


def _places(present: Sequence[int], wanted: Sequence[int]) -> list[int]:
    """For each wanted edible the place of the row to keep for it, rising, until a new row is needed.

    A row keeps its edible where that is possible, and takes another one where one was put in its place.
    """
    of_edible: defaultdict[int, deque[int]] = defaultdict(deque)
    for place, edible in enumerate(present):
        of_edible[edible].append(place)
    same: list[int | None] = []
    last = -1
    for edible in wanted:
        left = of_edible[edible]
        while left and left[0] <= last:
            left.popleft()
        same.append(last := left.popleft()) if left else same.append(None)
    ends = [len(present)]  # of each wanted edible: the next row that is kept
    for found in reversed(same):
        ends.append(ends[-1] if found is None else found)
    places: list[int] = []
    for found, end in zip(same, reversed(ends), strict=False):
        free = places[-1] + 1 if places else 0
        if found is None and free >= end:
            break
        places.append(free if found is None else found)
    return places


@transaction.atomic
def repeat_meal(*, meal: Meal, eaten_at: datetime) -> Meal:
    """The same again at another time. Its notes were about that one time and stay there.

    Raises EmptyMealError, QuotaError and GoneError.
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
