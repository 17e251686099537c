"""Servings → meals. Cronometer notes when a row was typed: rows of one group a few minutes apart are one meal."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from apps.archive.model import Meal, Portion
from apps.portability.formats.groups import USUAL_TIMES
from apps.portability.formats.times import instant

TOGETHER = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Serving:
    line: int  # of the file
    day: date
    at: timedelta | None  # since midnight; None where the row does not say
    group: str
    category: str
    portion: Portion


class _Gathered(NamedTuple):
    at: timedelta
    is_guess: bool
    servings: list[Serving]


def meals_of(servings: Iterable[Serving], zone: ZoneInfo, *, whole_day: bool) -> tuple[Meal, ...]:
    """Meals in the order in which each first appears, their portions in the file's order.

    Rows of one day and group are one meal when they are within half an hour of its first, or all of them if
    `whole_day`. Rows without a time join the meal of their group that is closest to its usual time; where there is
    none, that time is guessed.
    """
    groups: defaultdict[tuple[date, str, str], list[Serving]] = defaultdict(list)
    for serving in servings:
        groups[serving.day, serving.group, serving.category].append(serving)
    meals = []
    for (day, _group, category), rows in groups.items():
        for gathered in _gather(rows, USUAL_TIMES[category], whole_day=whole_day):
            gathered.servings.sort(key=lambda serving: serving.line)
            meal = Meal(
                category=category,
                eaten_at=instant(day, gathered.at, zone),
                portions=tuple(serving.portion for serving in gathered.servings),
                time_guessed=gathered.is_guess,
            )
            meals.append((gathered.servings[0].line, meal))
    return tuple(meal for _line, meal in sorted(meals, key=lambda found: found[0]))


def _gather(rows: list[Serving], usual: timedelta, *, whole_day: bool) -> Iterator[_Gathered]:
    timed = sorted((row for row in rows if row.at is not None), key=lambda row: row.at or timedelta())
    untimed = [row for row in rows if row.at is None]
    meals: list[_Gathered] = []
    for row in timed:
        at = row.at or timedelta()
        if meals and (whole_day or at - meals[-1].at <= TOGETHER):
            meals[-1].servings.append(row)
        else:
            meals.append(_Gathered(at, False, [row]))
    if whole_day and timed and (timed[-1].at or timedelta()) - meals[0].at > TOGETHER:
        meals = [meals[0]._replace(is_guess=True)]  # one time for what was eaten at several
    if untimed and meals:
        min(meals, key=lambda meal: abs(meal.at - usual)).servings.extend(untimed)
    elif untimed:
        meals.append(_Gathered(usual, True, untimed))
    yield from meals
