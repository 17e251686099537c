"""Cronometer's Servings export → meals: one row is one portion; one day, time and group are one meal."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from types import MappingProxyType
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from apps.archive import limits, values
from apps.archive.model import Archive, Edible, Meal, Portion
from apps.archive.problems import Hopeless, Problems
from apps.portability.formats import times
from apps.portability.formats.amounts import amount_and_unit
from apps.portability.formats.errors import Problem, refuse_if_any
from apps.portability.formats.kinds import SERVINGS, wrong_columns
from apps.portability.formats.report import Reading, report_on
from apps.portability.formats.sources import SourceKeys
from apps.portability.formats.tables import Row, Table, read_table
from foodmood.names import fold

_COLUMNS = ("day", "group", "food name", "amount")
_OPTIONAL = ("time", "unit")
_SAME = ("day", "time", "group", "food name")  # a row with another amount is the same row, corrected

# Cronometer's own groups, with the hour at which a serving without a time is put.
_GROUPS: Mapping[str, tuple[str, time]] = MappingProxyType(
    {
        "breakfast": ("BREAKFAST", time(8)),
        "lunch": ("LUNCH", time(12, 30)),
        "dinner": ("DINNER", time(19)),
        "snack": ("SNACK", time(16)),
        "snacks": ("SNACK", time(16)),
        "drink": ("DRINK", time(10)),
        "drinks": ("DRINK", time(10)),
    }
)
_OTHER_GROUP = ("SNACK", time(12))


@dataclass(frozen=True, slots=True)
class _Serving:
    day: date
    eaten_at: datetime
    category: str
    title: str
    food: str
    amount: Decimal | None
    unit: str
    source: str


@dataclass(slots=True)
class _Diary:
    """Servings so far, put together: meals in the order in which each first appears."""

    meals: dict[tuple[datetime, str, str], list[Portion]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    edibles: dict[str, str] = field(default_factory=dict)  # name in one case → its first spelling
    days: set[date] = field(default_factory=set)
    rows: int = 0
    blank_times: int = 0

    def add(self, serving: _Serving) -> None:
        self.days.add(serving.day)
        title = self.titles.setdefault(fold(serving.title), serving.title)
        edible = self.edibles.setdefault(fold(serving.food), serving.food)
        portions = self.meals.setdefault((serving.eaten_at, serving.category, title), [])
        portions.append(Portion(edible, serving.amount, serving.unit, serving.source))

    def archive(self, zone: ZoneInfo) -> Archive:
        return Archive(
            timezone=zone.key,
            edibles=tuple(Edible(name) for name in self.edibles.values()),
            meals=tuple(
                Meal(category=category, eaten_at=eaten_at, portions=tuple(portions), title=title)
                for (eaten_at, category, title), portions in self.meals.items()
            ),
        )


def read_servings(data: bytes, *, zone: ZoneInfo) -> Reading:
    """The meals of a Servings export whose times are local times of `zone`; raises FormatError.

    A time that is not given becomes the group's usual hour. Nutrients are left out.
    """
    table = read_table(data)
    if missing := table.missing(_COLUMNS):
        raise wrong_columns(table, SERVINGS, missing)
    problems = Problems[Problem]()
    diary = _Diary()
    keys = SourceKeys()
    with suppress(Hopeless):
        for row in table.rows(_COLUMNS, problems, _OPTIONAL):
            diary.rows += 1
            diary.blank_times += not row.cells["time"].strip()
            source = keys.next(*(row.cells[column] for column in _SAME))
            if serving := _serving(row, source, zone, problems):
                diary.add(serving)
    refuse_if_any(problems)
    archive = diary.archive(zone)
    left_out = {_("nutrient columns"): _left_out(table)}
    report = report_on(archive, diary.days, rows=diary.rows, blank_times=diary.blank_times, left_out=left_out)
    return Reading(archive, report)


def _left_out(table: Table) -> int:
    used = {*_COLUMNS, *_OPTIONAL, "category"}  # "Category" is the food's kind in Cronometer, not a nutrient
    return sum(name.casefold() not in used for name in table.header)


def _serving(row: Row, source: str, zone: ZoneInfo, problems: Problems[Problem]) -> _Serving | None:
    before = problems.total
    group = row.parse("group", _group, problems)
    food = row.parse("food name", _food, problems)
    amount = row.parse("amount", lambda text: _amount(text, row.cells["unit"]), problems)
    day = row.parse("day", times.day, problems)
    clock = row.parse("time", times.clock, problems)
    if problems.total > before or group is None or food is None or amount is None or day is None:
        return None
    category, title, usual = group
    eaten_at = row.parse("day", lambda _text: times.instant(day, clock or usual, zone), problems)
    return _Serving(day, eaten_at, category, title, food, *amount, source) if eaten_at else None


def _group(text: str) -> tuple[str, str, time]:
    """(meal category, title, usual hour). A group that a person named becomes the meal's title."""
    name = " ".join(text.split())
    category, usual = _GROUPS.get(name.casefold(), _OTHER_GROUP)
    title = "" if name.casefold() in _GROUPS else name
    return category, values.line_of_text(title, limits.MEAL_TITLE_LENGTH), usual


def _food(text: str) -> str:
    return values.name(" ".join(text.split()), limits.EDIBLE_NAME_LENGTH)


def _amount(text: str, unit: str) -> tuple[Decimal | None, str]:
    """Some exports have the unit in a column of its own; where both say it, it is said once."""
    number, beside = amount_and_unit(text)
    own = " ".join(unit.split())
    parts = [beside] if own == beside else [beside, own]
    return number, values.line_of_text(" ".join(part for part in parts if part), limits.UNIT_LENGTH)
