from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from apps.accounts.models import User
from apps.meals.models import Meal

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
    """The owner's local day in the order it went. Three queries, whatever happened."""
    meals = owner.meals.on_day(day, owner.zone).with_portions()
    entries = owner.entries.on_day(day, owner.zone).order_by("recorded_at", "pk").values(*SHOWN)
    moments = [Moment(meal.eaten_at, meal=meal) for meal in meals.order_by("eaten_at", "pk")]
    return sorted([*moments, *_check_ins(entries)], key=lambda moment: moment.at)


def _check_ins(entries: Iterable[Shown]) -> list[Moment]:
    return [
        Moment(at, entries=tuple(together)) for at, together in groupby(entries, key=lambda entry: entry["recorded_at"])
    ]
