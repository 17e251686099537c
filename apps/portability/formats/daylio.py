"""Daylio's CSV export, in all four layouts it has had since 2017 → entries of one category.

Activities and the scales of the newest layout have no place in FoodMood yet: they are counted and left out.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time
from types import MappingProxyType
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from apps.archive import limits, values
from apps.archive.model import Archive, Category, Entry, Option
from apps.archive.problems import Fault, Hopeless, Problems, quoted
from apps.portability.formats import times
from apps.portability.formats.errors import MappingNeeded, Problem, refuse_if_any, refused
from apps.portability.formats.kinds import DAYLIO, wrong_columns
from apps.portability.formats.moods import guess
from apps.portability.formats.notes import plain_note
from apps.portability.formats.report import Reading, report_on
from apps.portability.formats.sources import SourceKeys
from apps.portability.formats.tables import Row, Table, read_table

# Labels that the person will own, so not translated here: the caller may give them in their language.
DEFAULT_SCALE: Mapping[int, str] = MappingProxyType({1: "Awful", 2: "Bad", 3: "Okay", 4: "Good", 5: "Great"})

_OPTIONAL = ("time", "activities", "note", "note_title", "scales")
_SAME = ("full_date", "year", "date", "time")  # a row with another mood or note is the same row, corrected
_MOST_MOODS = 100  # each becomes a question to the person: more are no moods but a wrong column
_USUAL_TIME = time(20)  # most people ask themselves in the evening how the day was
_YEAR = re.compile(r"[0-9]{4}")
_DAY_THEN_MONTH = re.compile(r"(?P<day>[0-9]{1,2})\.?\s+(?P<month>[a-z]+)", re.IGNORECASE)
_MONTH_THEN_DAY = re.compile(r"(?P<month>[a-z]+)\s+(?P<day>[0-9]{1,2})", re.IGNORECASE)
_NUMBERS = re.compile(r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.")
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_SHORTEST_MONTH = 3


@dataclass(frozen=True, slots=True)
class _Logged:
    mood: str
    recorded_at: datetime
    notes: str
    source: str


@dataclass(slots=True)
class Log:
    """What a file says; `moods`: each with how often it occurs, in the file's order."""

    logged: list[_Logged] = field(default_factory=list)
    moods: dict[str, int] = field(default_factory=dict)
    days: set[date] = field(default_factory=set)
    rows: int = 0
    blank_times: int = 0
    activities: int = 0
    scales: int = 0


def read_log(data: bytes, *, zone: ZoneInfo) -> Log:
    """A Daylio export whose times are local times of `zone`. Raises FormatError."""
    return _read(read_table(data), zone)


def read_moods(
    log: Log,
    *,
    zone: ZoneInfo,
    mapping: Mapping[str, int] | None = None,
    scale: Mapping[int, str] = DEFAULT_SCALE,
    category: str = "Mood",
) -> Reading:
    """The entries that a log becomes.

    `mapping`: mood name (its case does not matter) → a value of `scale`, which is value → option label.
    Raises MappingNeeded while a mood of the file has no value; ValueError for a value that is not on the scale.
    """
    known = {_name(mood).casefold(): value for mood, value in (mapping or {}).items()}
    if off := set(known.values()) - set(scale):
        raise ValueError(f"not on the scale: {sorted(off)}")
    if unmapped := tuple(mood for mood in log.moods if mood.casefold() not in known):
        raise MappingNeeded(log.moods, unmapped, guess(log.moods))
    archive = Archive(
        timezone=zone.key,
        categories=(Category(category, _options(scale)),),
        entries=tuple(
            Entry(category, scale[known[each.mood.casefold()]], each.recorded_at, each.notes, each.source)
            for each in log.logged
        ),
    )
    left_out = {_("activities"): log.activities, _("scales"): log.scales}
    report = report_on(archive, log.days, rows=log.rows, blank_times=log.blank_times, left_out=left_out)
    return Reading(archive, report)


class _Moods:
    """Mood names counted, "good" and "Good" as one."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._spellings: dict[str, str] = {}

    def count(self, mood: str) -> None:
        spelling = self._spellings.setdefault(mood.casefold(), mood)
        self._counts[spelling] = self._counts.get(spelling, 0) + 1

    def all(self) -> dict[str, int]:
        if len(self._counts) > _MOST_MOODS:
            raise refused(
                _("The file has %(n)d different moods; Daylio's have a few") % {"n": len(self._counts)},
                _("look whether the column mood holds moods"),
            )
        return self._counts


def _options(scale: Mapping[int, str]) -> tuple[Option, ...]:
    return tuple(Option(scale[value], value, order=order) for order, value in enumerate(sorted(scale), start=1))


def _read(table: Table, zone: ZoneInfo) -> Log:
    columns, read_day = _layout(table)
    if missing := table.missing(columns):
        raise wrong_columns(table, DAYLIO, missing)
    problems = Problems[Problem]()
    log, moods, keys = Log(), _Moods(), SourceKeys()
    with suppress(Hopeless):
        for row in table.rows(columns, problems, _OPTIONAL):
            log.rows += 1
            log.blank_times += not row.cells["time"].strip()
            log.activities += _tags(row.cells["activities"])
            log.scales += _tags(row.cells["scales"])
            day = read_day(row, problems)
            source = keys.next(*(row.cells.get(column, "") for column in _SAME))
            logged = _logged(row, source, day, zone, problems)
            if day and logged:
                log.days.add(day)
                log.logged.append(logged)
                moods.count(logged.mood)
    refuse_if_any(problems)
    log.moods = moods.all()
    return log


DayReader = Callable[[Row, Problems[Problem]], date | None]


def _layout(table: Table) -> tuple[tuple[str, ...], DayReader]:
    """The columns to need and how to find a row's day: until 2018 the year stood in a column of its own."""
    if not table.has("full_date") and table.has("year", "date"):
        return ("year", "date", "mood"), _day_of_2017
    return ("full_date", "mood"), lambda row, problems: row.parse("full_date", times.day, problems)


def _logged(row: Row, source: str, day: date | None, zone: ZoneInfo, problems: Problems[Problem]) -> _Logged | None:
    before = problems.total
    mood = row.parse("mood", _mood, problems)
    clock = row.parse("time", times.clock, problems)
    notes = row.parse("note", lambda note: values.notes(plain_note(row.cells["note_title"], note)), problems)
    if problems.total > before or mood is None or notes is None or day is None:
        return None
    column = "full_date" if "full_date" in row.cells else "date"
    moment = row.parse(column, lambda _text: times.instant(day, clock or _USUAL_TIME, zone), problems)
    return _Logged(mood, moment, notes, source) if moment else None


def _day_of_2017(row: Row, problems: Problems[Problem]) -> date | None:
    year = row.parse("year", _year, problems)
    return None if year is None else row.parse("date", lambda text: _day_in(year, text), problems)


def _year(text: str) -> int:
    if _YEAR.fullmatch(text.strip()):
        return int(text)
    raise Fault(_("%(text)s is not a year") % {"text": quoted(text)}, _("write it like 2017"))


def _day_in(year: int, text: str) -> date:
    """March 5, 5 March, 5. Mar or 05.03. (day first; 3/5 could be either and is refused)."""
    text = text.strip()
    try:
        if found := _NUMBERS.fullmatch(text):
            return date(year, int(found["month"]), int(found["day"]))
        if found := _DAY_THEN_MONTH.fullmatch(text) or _MONTH_THEN_DAY.fullmatch(text):
            return date(year, _month(found["month"]), int(found["day"]))
    except ValueError:
        pass  # such as February 30
    raise Fault(
        _("%(text)s is not a day of %(year)d") % {"text": quoted(text), "year": year},
        _("write it like March 5 or 05.03."),
    )


def _month(name: str) -> int:
    """1 to 12 for an English month or its first letters; ValueError for any other."""
    folded = name.casefold()
    if len(folded) >= _SHORTEST_MONTH:
        for number, month in enumerate(_MONTHS, start=1):
            if month.startswith(folded):
                return number
    raise ValueError(name)


def _mood(text: str) -> str:
    return values.name(_name(text), limits.OPTION_LABEL_LENGTH)


def _name(text: str) -> str:
    return " ".join(text.split())


def _tags(text: str) -> int:
    return sum(1 for tag in text.split("|") if tag.strip())
