from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from django.core.paginator import Page

from apps.accounts.models import User
from apps.edibles.models import Edible
from apps.meals.models import SHOWN, Meal, Portion
from apps.wellbeing import models
from foodmood.days import day_bounds
from foodmood.paging import nearest_page
from foodmood.prepared import Prepared, Row, given_key, given_moment

ENTRIES_OF_MOMENT = 20  # further ones of the same time are shown as another moment
NOTES_OF_MOMENT = 2
PER_PAGE = 20

OF_MEALS = ("pk", "title", "category", "eaten_at", "time_guessed", "notes")
OF_PORTIONS = ("portions__amount", "portions__unit", "portions__edible__name")
_MEALS = Prepared(
    lambda: (
        Meal.objects.filter(
            owner=given_key("owner"), eaten_at__gte=given_moment("start"), eaten_at__lt=given_moment("end")
        )
        .order_by("eaten_at", "pk", "portions__pk")
        .values_list(*OF_MEALS, *OF_PORTIONS)
    )
)
_ENTRIES = Prepared(
    lambda: (
        models.Entry.objects.filter(
            owner=given_key("owner"), recorded_at__gte=given_moment("start"), recorded_at__lt=given_moment("end")
        )
        .order_by("recorded_at", "pk")
        .values_list("recorded_at", "time_guessed", "pk", "notes", "category__name", "option__label", "option__color")
    )
)


class Entry(NamedTuple):
    """What the timeline shows of one."""

    at: datetime
    time_guessed: bool
    pk: int
    notes: str
    category: str
    label: str
    color: str


@dataclass(frozen=True)
class Moment:
    """A meal, or how somebody felt at one time."""

    at: datetime
    meal: Meal | None = None
    entries: tuple[Entry, ...] = ()

    @property
    def time_guessed(self) -> bool:
        return self.meal.time_guessed if self.meal else all(entry.time_guessed for entry in self.entries)

    @property
    def notes(self) -> list[str]:
        """Usually one: a check-in keeps its note with the first rating."""
        return [entry.notes for entry in self.entries if entry.notes][:NOTES_OF_MOMENT]


def timeline(*, owner: User, day: date) -> list[Moment]:
    """The owner's local day in the order it went. Two queries, whatever happened."""
    start, end = day_bounds(day, owner.zone)
    meals = _meals(_MEALS.rows(owner=owner.pk, start=start, end=end))
    check_ins = _check_ins(_ENTRIES.rows(owner=owner.pk, start=start, end=end))
    return sorted([*meals, *check_ins], key=lambda moment: moment.at)


def page_of(moments: Sequence[Moment], *, number: str | None = None, shown: datetime | None = None) -> Page[Moment]:
    """The page of this number, else the one on which the moment `shown` is, else the last."""
    last = (len(moments) - 1) // PER_PAGE + 1
    if shown is not None:
        last = next((place // PER_PAGE + 1 for place, moment in enumerate(moments) if moment.at == shown), last)
    return nearest_page(moments, number or last, per_page=PER_PAGE)


def _meals(rows: Iterable[Row]) -> Iterator[Moment]:
    """With their portions, as with_portions() gives them."""
    of_meals = len(OF_MEALS)
    for shown, together in groupby(rows, key=lambda row: row[:of_meals]):
        meal = Meal(**dict(zip(OF_MEALS, shown, strict=True)))
        portions = [row[of_meals:] for row in together if row[-1] is not None]  # None: of a meal without portions
        meal.eaten = meal.shown = [
            Portion(edible=Edible(name=name), amount=amount, unit=unit) for amount, unit, name in portions[:SHOWN]
        ]
        meal.more = len(portions) - len(meal.shown)
        yield Moment(meal.eaten_at, meal=meal)


def _check_ins(rows: Iterable[Row]) -> Iterator[Moment]:
    for at, together in groupby(map(Entry._make, rows), key=lambda entry: entry.at):
        entries = list(together)
        for first in range(0, len(entries), ENTRIES_OF_MOMENT):
            yield Moment(at, entries=tuple(entries[first : first + ENTRIES_OF_MOMENT]))
