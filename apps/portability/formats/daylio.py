"""Daylio's CSV export, in the four layouts it has had since 2017 → entries of one category.

Activities and the scales of the newest layout have no place in FoodMood yet: they are counted and left out.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from apps.archive import limits
from apps.archive.model import Archive, Category, Entry, Option
from apps.archive.problems import Fault, Hopeless, Problems, quoted
from apps.portability.formats import texts, times
from apps.portability.formats.dates import Dates, Survey, day_and_clock
from apps.portability.formats.errors import MappingNeeded, Problem, refuse_if_any, refused
from apps.portability.formats.kinds import DAYLIO, has_no_header, readable_table, wrong_columns
from apps.portability.formats.moods import guess
from apps.portability.formats.notes import plain_note
from apps.portability.formats.notices import Notices
from apps.portability.formats.questions import DATES, DAY_FIRST, Answers, Question, answered, order_question
from apps.portability.formats.report import Reading, report_on
from apps.portability.formats.sources import SourceKeys
from apps.portability.formats.tables import Row, Table

# Labels that the person will own, so not translated here: the caller may give them in their language.
DEFAULT_SCALE: Mapping[int, str] = MappingProxyType({1: "Awful", 2: "Bad", 3: "Okay", 4: "Good", 5: "Great"})

_OPTIONAL = ("time", "activities", "note", "note_title", "scales")
_MOST_MOODS = 100  # each becomes a question to the person: more are no moods but a wrong column
_USUAL_TIME = timedelta(hours=20)  # most people ask themselves in the evening how the day was
_YEAR = re.compile(r"[0-9]{4}")

# The columns of each layout, by their number, for files that lost their first line.
_LAYOUTS: Mapping[int, tuple[str, ...]] = MappingProxyType(
    {
        7: ("full_date", "date", "weekday", "time", "mood", "activities", "note"),
        8: ("full_date", "date", "weekday", "time", "mood", "activities", "note_title", "note"),
        9: ("full_date", "date", "weekday", "time", "mood", "activities", "scales", "note_title", "note"),
    }
)


@dataclass(frozen=True, slots=True)
class _Logged:
    mood: str
    recorded_at: datetime
    notes: str
    source: str
    time_guessed: bool


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
    notices: Notices = field(default_factory=Notices)
    problems: Problems[Problem] = field(default_factory=Problems)
    questions: tuple[Question, ...] = ()


def read_log(data: bytes, *, zone: ZoneInfo, answers: Answers | None = None) -> Log:
    """A Daylio export whose times are local times of `zone`. Raises FormatError.

    While one of its `questions` is open, the log is blank.
    """
    table = readable_table(data, DAYLIO)
    if has_no_header(table) and len(table.header) in _LAYOUTS:
        table = replace(table, header=_LAYOUTS[len(table.header)], header_line=0)
    return _read(table, zone, answers or {})


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
            Entry(
                category,
                scale[known[each.mood.casefold()]],
                each.recorded_at,
                each.notes,
                each.source,
                each.time_guessed,
            )
            for each in log.logged
        ),
    )
    left_out = {_("activities"): log.activities, _("scales"): log.scales}
    report = report_on(
        archive,
        log.days,
        rows=log.rows,
        blank_times=log.blank_times,
        left_out=left_out,
        notices=log.notices,
        problems=log.problems,
    )
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


def _read(table: Table, zone: ZoneInfo, answers: Answers) -> Log:
    columns = _columns(table)
    if missing := table.missing(columns):
        raise wrong_columns(table, DAYLIO, missing)
    log, moods, keys = Log(), _Moods(), SourceKeys()
    survey, fractions = _overview(table, columns)
    if survey.is_open:
        log.questions = (answered(order_question(survey), answers),)
        if log.questions[0].is_open:
            return log
    dates = survey.dates(answers.get(DATES) == DAY_FIRST)
    with suppress(Hopeless):
        for row in table.rows(columns, log.problems, _OPTIONAL, log.notices):
            log.rows += 1
            log.activities += _tags(row.cells["activities"])
            log.scales += _tags(row.cells["scales"])
            day = _day(row, dates, log.problems)
            logged = _logged(row, keys, day, zone, log, fractions=fractions)
            if day and logged:
                log.days.add(day)
                log.logged.append(logged)
                log.blank_times += logged.time_guessed
                moods.count(logged.mood)
    if not log.logged or log.problems.is_hopeless:
        refuse_if_any(log.problems)
    log.moods = moods.all()
    return log


def _columns(table: Table) -> tuple[str, ...]:
    """Until 2018 the year stood in a column of its own."""
    if not table.has("full_date") and table.has("year", "date"):
        return ("year", "date", "mood")
    return ("full_date", "mood")


def _overview(table: Table, columns: tuple[str, ...]) -> tuple[Survey, bool]:
    """How the file writes its days, and whether its times are parts of a day."""
    survey, fractions = Survey(), False
    for row in table.rows(columns, Problems(hopeless=False), ("time",)):
        survey.add(row.cells[columns[-2]])
        fractions |= times.is_fraction(row.cells["time"])
    return survey, fractions


def _logged(  # noqa: PLR0913 -- a row is read with what its file says
    row: Row, keys: SourceKeys, day: date | None, zone: ZoneInfo, log: Log, *, fractions: bool
) -> _Logged | None:
    problems, note = log.problems, log.notices.at(row.line)
    before = problems.total
    column = "full_date" if "full_date" in row.cells else "date"
    mood = row.parse("mood", lambda text: texts.name(text, limits.OPTION_LABEL_LENGTH, note), problems)
    beside = day_and_clock(row.cells[column])[1]
    at = row.parse("time", lambda text: times.clock(text if text.strip() else beside, fractions=fractions), problems)
    # A row with another mood or note is the same row, corrected.
    source = keys.next(day or row.cells[column], row.cells["time"] if at is None else at)
    if problems.total > before or mood is None or day is None:
        return None
    notes = texts.notes(plain_note(row.cells["note_title"], row.cells["note"]), note)
    usual = _USUAL_TIME if at is None else at
    moment = row.parse(column, lambda _text: times.instant(day, usual, zone), problems)
    return _Logged(mood, moment, notes, source, at is None) if moment else None


def _day(row: Row, dates: Dates, problems: Problems[Problem]) -> date | None:
    if "full_date" in row.cells:
        return row.parse("full_date", dates.day, problems)
    year = row.parse("year", _year, problems)
    return None if year is None else row.parse("date", lambda text: dates.day_in(year, text), problems)


def _year(text: str) -> int:
    if _YEAR.fullmatch(text.strip()):
        return int(text)
    raise Fault(_("%(text)s is not a year") % {"text": quoted(text)}, _("write it like 2017"))


def _name(text: str) -> str:
    return " ".join(text.split())


def _tags(text: str) -> int:
    return sum(1 for tag in text.split("|") if tag.strip())
