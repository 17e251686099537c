"""The engine's diary, made from what lies in the tables. Without Django: another process does it, see apart.py."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from apps.insights.engine import Diary, Eaten, Outcome, Rated

AT_ONCE = 1000  # rows that are there as such while they are packed
SECONDS_PER_HOUR = 3600
MINUTES_PER_HOUR = 60


@dataclass(frozen=True, slots=True)
class Rows:
    """A diary as it lies in the tables, each kind of row to be gone through once.

    Entries and portions end with the hours by which their time may be wrong.

    Moments are the database's own texts: to read them as such takes a fifth of the time, and who finds the results in
    the cache needs no more than to compare them.
    """

    zone: ZoneInfo
    entries: Iterable[tuple[int, int, str, int]]
    ingredients: Iterable[tuple[str, str]]
    portions: Iterable[tuple[str, str, int]]
    categories: Iterable[tuple[int, str, bool]]


@dataclass(frozen=True, slots=True)
class Packed:
    """The same as bytes. Of five years they take 2 MB: as rows it would be 8, and a process keeps most of what so many
    small things took once.
    """

    zone: str
    entries: bytes
    ingredients: bytes
    portions: bytes
    categories: bytes


def pack(rows: Rows) -> Packed:
    return Packed(rows.zone.key, *map(_lines, (rows.entries, rows.ingredients, rows.portions, rows.categories)))


def unpack(packed: Packed) -> Rows:
    kinds = (packed.entries, packed.ingredients, packed.portions, packed.categories)
    return Rows(ZoneInfo(packed.zone), *map(_in_lines, kinds))


def _lines(rows: Iterable[Any]) -> bytes:
    rest = iter(rows)
    return b"\n".join(json.dumps(some).encode() for some in iter(lambda: list(islice(rest, AT_ONCE)), []))


def _in_lines(lines: bytes) -> Iterator[Any]:
    return (row for line in lines.splitlines() for row in json.loads(line))


def diary_in(rows: Rows) -> Diary:
    ratings: defaultdict[int, list[Rated]] = defaultdict(list)
    for category, value, text, within in rows.entries:
        ratings[category].append(rated(value, _moment(text), rows.zone, within))
    ingredients: defaultdict[str, list[str]] = defaultdict(list)
    for container, edible in rows.ingredients:
        ingredients[container].append(edible)
    return diary(
        ingredients=ingredients,
        eaten=(Eaten(hours(_moment(text)), edible, within) for text, edible, within in rows.portions),
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
        eaten=tuple(sorted(eaten, key=lambda portion: (portion.at, portion.edible, portion.within))),
        outcomes=tuple(
            Outcome(name, higher_is_better, tuple(sorted(ratings, key=lambda each: (each.at, each.value, each.within))))
            for name, higher_is_better, ratings in sorted(outcomes, key=lambda outcome: _alphabetic(outcome[0]))
        ),
    )


def _alphabetic(name: str) -> tuple[str, str]:
    return name.casefold(), name


def rated(value: int, moment: datetime, zone: ZoneInfo, within: int = 0) -> Rated:
    local = moment.astimezone(zone)
    hour = local.hour + local.minute / MINUTES_PER_HOUR + local.second / SECONDS_PER_HOUR
    return Rated(hours(moment), float(value), local.toordinal(), hour, within)


def hours(moment: datetime) -> float:
    return moment.timestamp() / SECONDS_PER_HOUR
