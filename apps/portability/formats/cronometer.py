"""Cronometer's Servings export → meals: one row is one portion."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from apps.archive import limits
from apps.archive.model import Archive, Edible, Portion
from apps.archive.problems import Hopeless, Problems
from apps.portability.formats import groups, texts, times
from apps.portability.formats.amounts import Signs, amount_and_unit
from apps.portability.formats.dates import Dates, Survey, day_and_clock
from apps.portability.formats.errors import Problem, refuse_if_any, refused
from apps.portability.formats.gathering import Serving, meals_of
from apps.portability.formats.kinds import SERVINGS, readable_table, wrong_columns
from apps.portability.formats.letters import plain
from apps.portability.formats.notices import Note, Notices
from apps.portability.formats.questions import (
    DATES,
    DAY_FIRST,
    GROUP,
    HALF_HOUR,
    MEALS,
    WHOLE_DAY,
    Answers,
    Question,
    answered,
    order_question,
)
from apps.portability.formats.report import Reading, report_on
from apps.portability.formats.sources import SourceKeys
from apps.portability.formats.tables import Row, Table
from foodmood.names import fold

_COLUMNS = ("day", "group", "food name", "amount")
_OPTIONAL = ("time", "unit")
_MOST_GROUPS = 100  # each becomes a question to the person: more are no groups but a wrong column


@dataclass(frozen=True, slots=True)
class Asked:
    """`reading` is None while a question is open."""

    reading: Reading | None
    questions: tuple[Question, ...] = ()


@dataclass(slots=True)
class _Overview:
    """What the whole file says about how single cells of it are to be read."""

    days: Survey = field(default_factory=Survey)
    signs: Signs = field(default_factory=Signs)
    groups: dict[str, int] = field(default_factory=dict)  # those that are not Cronometer's own, each with its rows
    has_fractions: bool = False

    @classmethod
    def of(cls, table: Table) -> "_Overview":
        overview = cls()
        spellings: dict[str, str] = {}
        for row in table.rows(_COLUMNS, Problems(hopeless=False), _OPTIONAL):
            overview.days.add(row.cells["day"])
            overview.signs.add(row.cells["amount"])
            overview.has_fractions |= times.is_fraction(row.cells["time"])
            group = _group(row.cells["group"])
            name = plain(group)
            if name and not groups.is_cronometers_own(name):
                spelling = spellings.setdefault(name, group)
                overview.groups[spelling] = overview.groups.get(spelling, 0) + 1
                if len(overview.groups) > _MOST_GROUPS:
                    raise refused(
                        _("The file has more than %(n)d different groups") % {"n": _MOST_GROUPS},
                        _("look whether the column group holds groups"),
                    )
        return overview

    def questions(self, answers: Answers) -> tuple[Question, ...]:
        meals = Question(
            MEALS,
            _("Which rows of a group are one meal?"),
            (
                (HALF_HOUR, _("Those within 30 minutes")),
                (WHOLE_DAY, _("All of a day")),
            ),
            HALF_HOUR,
        )
        asked = [order_question(self.days)] if self.days.is_open else []
        return (*(answered(each, answers) for each in (*asked, meals)), *groups.questions(self.groups, answers))


def read_servings(data: bytes, *, zone: ZoneInfo, answers: Answers | None = None) -> Asked:
    """The meals of a Servings export whose times are local times of `zone`; raises FormatError.

    A time that is not given becomes the group's usual hour. Nutrients are left out.
    """
    table = readable_table(data, SERVINGS)
    if missing := table.missing(_COLUMNS):
        raise wrong_columns(table, SERVINGS, missing)
    overview = _Overview.of(table)
    questions = overview.questions(answers or {})
    if any(question.is_open for question in questions):
        return Asked(None, questions)
    given = {question.name: question.answer for question in questions}
    return Asked(_Reader.of(overview, given, zone).read(table), questions)


@dataclass(slots=True)
class _Reader:
    zone: ZoneInfo
    dates: Dates
    decimal: str | None
    fractions: bool
    categories: Mapping[str, str]  # of groups that are not Cronometer's own
    whole_day: bool
    edibles: dict[str, str] = field(default_factory=dict)  # name in one case → its first spelling
    keys: SourceKeys = field(default_factory=SourceKeys)
    notices: Notices = field(default_factory=Notices)
    problems: Problems[Problem] = field(default_factory=Problems)

    @classmethod
    def of(cls, overview: _Overview, given: Answers, zone: ZoneInfo) -> "_Reader":
        return cls(
            zone=zone,
            dates=overview.days.dates(given[DATES] == DAY_FIRST if DATES in given else None),
            decimal=overview.signs.decimal,
            fractions=overview.has_fractions,
            categories={
                plain(name.removeprefix(GROUP)): value for name, value in given.items() if name.startswith(GROUP)
            },
            whole_day=given[MEALS] == WHOLE_DAY,
        )

    def read(self, table: Table) -> Reading:
        servings: list[Serving] = []
        rows = blank_times = 0
        days: set[date] = set()
        with suppress(Hopeless):
            for row in table.rows(_COLUMNS, self.problems, _OPTIONAL, self.notices):
                rows += 1
                serving = self._serving(row)
                if serving:
                    servings.append(serving)
                    days.add(serving.day)
                    blank_times += serving.at is None
        if not days or self.problems.is_hopeless:
            refuse_if_any(self.problems)
        meals = meals_of(servings, self.zone, whole_day=self.whole_day)
        archive = Archive(self.zone.key, tuple(Edible(name) for name in self.edibles.values()), meals)
        report = report_on(
            archive,
            days,
            rows=rows,
            blank_times=blank_times,
            left_out={_("nutrient columns"): _left_out(table)},
            notices=self.notices,
            problems=self.problems,
        )
        return Reading(archive, report)

    def _serving(self, row: Row) -> Serving | None:
        before, note = self.problems.total, self.notices.at(row.line)
        food = row.parse("food name", lambda text: texts.name(text, limits.EDIBLE_NAME_LENGTH, note), self.problems)
        amount = row.parse("amount", lambda text: self._amount(text, row.cells["unit"], note), self.problems)
        day = row.parse("day", self.dates.day, self.problems)
        beside = day_and_clock(row.cells["day"])[1]
        at = row.parse(
            "time", lambda text: times.clock(text if text.strip() else beside, fractions=self.fractions), self.problems
        )
        # A row with another amount is the same row, corrected.
        source = self.keys.next(
            day or row.cells["day"],
            row.cells["time"] if at is None else at,
            row.cells["group"],
            row.cells["food name"],
        )
        if self.problems.total > before or food is None or amount is None or day is None:
            return None
        if amount[0] is not None and amount[0] <= 0:
            zero = _("An amount of 0 was not eaten, so it is left out")
            note(_("An amount below 0 can't be eaten, so it is left out") if amount[0] else zero)
            return None
        group = plain(_group(row.cells["group"]))
        category = groups.category_of(group, self.categories, at)
        usual = groups.USUAL_TIMES[category]
        if not row.parse("day", lambda _text: times.instant(day, at or usual, self.zone), self.problems):
            return None
        edible = self.edibles.setdefault(fold(food), food)
        return Serving(row.line, day, at, group, category, Portion(edible, *amount, source))

    def _amount(self, text: str, unit: str, note: Note) -> tuple[Decimal | None, str]:
        """Some exports have the unit in a column of its own; where both say it, it is said once."""
        number, beside = amount_and_unit(text, note, decimal=self.decimal)
        own = " ".join(unit.split())
        parts = [beside] if own == beside else [beside, own]
        return number, texts.line(" ".join(part for part in parts if part), limits.UNIT_LENGTH, note)


def _left_out(table: Table) -> int:
    used = {*_COLUMNS, *_OPTIONAL, "category"}  # "Category" is the food's kind in Cronometer, not a nutrient
    return sum(bool(name) and name.casefold() not in used for name in table.header)


def _group(text: str) -> str:
    return " ".join(text.split())[: limits.MEAL_TITLE_LENGTH]
