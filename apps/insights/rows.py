"""The engine's diary, made from what lies in the tables. Without Django: another process does it, see apart.py."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from apps.insights.engine import Diary, Eaten, Outcome, Rated

SECONDS_PER_HOUR = 3600
MINUTES_PER_HOUR = 60


@dataclass(frozen=True, slots=True)
class Rows:
    """A diary as it lies in the tables. The same diary gives equal rows: they are sorted.

    Moments are the database's own texts: to read them as such takes a fifth of the time, and who finds the results
    in the cache needs no more than to compare them.
    """

    zone: ZoneInfo
    entries: list[tuple[int, int, str]]
    ingredients: list[tuple[str, str]]
    portions: list[tuple[str, str]]
    categories: list[tuple[int, str, bool]]


def diary_in(rows: Rows) -> Diary:
    ratings: defaultdict[int, list[Rated]] = defaultdict(list)
    for category, value, text in rows.entries:
        ratings[category].append(rated(value, _moment(text), rows.zone))
    ingredients: defaultdict[str, list[str]] = defaultdict(list)
    for container, edible in rows.ingredients:
        ingredients[container].append(edible)
    return diary(
        ingredients=ingredients,
        eaten=(Eaten(hours(_moment(text)), edible) for text, edible in rows.portions),
        outcomes=((name, higher_is_better, ratings[pk]) for pk, name, higher_is_better in rows.categories),
    )


def _moment(text: str) -> datetime:
    """PostgreSQL writes the offset; SQLite none, because Django stores UTC there."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def diary(
    *,
    ingredients: Mapping[str, Iterable[str]],
    eaten: Iterable[Eaten],
    outcomes: Iterable[tuple[str, bool, Iterable[Rated]]],
) -> Diary:
    """In one order, so that two sources of one diary give equal diaries."""
    return Diary(
        ingredients={name: tuple(sorted(inside)) for name, inside in ingredients.items() if inside},
        eaten=tuple(sorted(eaten, key=lambda portion: (portion.at, portion.edible))),
        outcomes=tuple(
            Outcome(name, higher_is_better, tuple(sorted(ratings, key=lambda each: (each.at, each.value))))
            for name, higher_is_better, ratings in sorted(outcomes, key=lambda outcome: _alphabetic(outcome[0]))
        ),
    )


def _alphabetic(name: str) -> tuple[str, str]:
    return name.casefold(), name


def rated(value: int, moment: datetime, zone: ZoneInfo) -> Rated:
    local = moment.astimezone(zone)
    hour = local.hour + local.minute / MINUTES_PER_HOUR + local.second / SECONDS_PER_HOUR
    return Rated(hours(moment), float(value), local.toordinal(), hour)


def hours(moment: datetime) -> float:
    return moment.timestamp() / SECONDS_PER_HOUR
