from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from apps.accounts.models import User
from apps.edibles.models import Edible
from apps.meals.models import Meal, Portion

OF_MEALS = ("pk", "title", "category", "eaten_at", "notes")
OF_PORTIONS = ("portions__amount", "portions__unit", "portions__edible__name")
SHOWN = ("pk", "recorded_at", "notes", "category__name", "option__label", "option__color")  # of an entry
Shown = dict[str, Any]


@dataclass(frozen=True)
class Moment:
    """A meal, or how somebody felt at one time."""

    at: datetime
    meal: Meal | None = None
    entries: tuple[Shown, ...] = ()

    @property
    def notes(self) -> list[str]:
        return [entry["notes"] for entry in self.entries if entry["notes"]]


def timeline(*, owner: User, day: date) -> list[Moment]:
    """The owner's local day in the order it went. Two queries, whatever happened."""
    entries = owner.entries.on_day(day, owner.zone).order_by("recorded_at", "pk").values(*SHOWN)
    moments = [Moment(meal.eaten_at, meal=meal) for meal in _meals(owner, day)]
    return sorted([*moments, *_check_ins(entries)], key=lambda moment: moment.at)


def _meals(owner: User, day: date) -> Iterator[Meal]:
    """As with_portions() gives them, by one query: a second one took longer than all that it read."""
    rows = owner.meals.on_day(day, owner.zone).order_by("eaten_at", "pk", "portions__pk")
    of_meals = len(OF_MEALS)
    for shown, together in groupby(rows.values_list(*OF_MEALS, *OF_PORTIONS), key=lambda row: row[:of_meals]):
        meal = Meal(**dict(zip(OF_MEALS, shown, strict=True)))
        meal.eaten = [
            Portion(edible=Edible(name=name), amount=amount, unit=unit)
            for amount, unit, name in (row[of_meals:] for row in together)
            if name is not None  # of a meal without portions
        ]
        yield meal


def _check_ins(entries: Iterable[Shown]) -> list[Moment]:
    return [
        Moment(at, entries=tuple(together)) for at, together in groupby(entries, key=lambda entry: entry["recorded_at"])
    ]
