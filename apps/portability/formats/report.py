"""What an import found, before anything is stored: for the page that asks and for a command's output."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from apps.archive.model import Archive
from apps.archive.problems import Problems
from apps.portability.formats.errors import Problem
from apps.portability.formats.notices import Notice, Notices, Unread


@dataclass(frozen=True, slots=True)
class Report:
    rows: int
    meals: int
    portions: int
    edibles: int
    entries: int
    first_day: date | None  # as the file says it, in its owner's zone
    last_day: date | None
    blank_times: int = 0  # rows that did not say their time and were given a usual one
    left_out: Mapping[str, int] = field(default_factory=dict)  # what FoodMood has no place for yet → how many
    notices: tuple[Notice, ...] = ()
    unread: Unread = field(default_factory=Unread)

    @property
    def is_empty(self) -> bool:
        return not (self.meals or self.entries or self.edibles)


@dataclass(frozen=True, slots=True)
class Reading:
    archive: Archive
    report: Report


def report_on(  # noqa: PLR0913 -- a report has these parts
    archive: Archive,
    days: Iterable[date],
    *,
    rows: int,
    blank_times: int = 0,
    left_out: Mapping[str, int] | None = None,
    notices: Notices | None = None,
    problems: Problems[Problem] | None = None,
) -> Report:
    """`problems`: of rows that are left out."""
    known = sorted(set(days))
    return Report(
        rows=rows,
        meals=len(archive.meals),
        portions=sum(len(meal.portions) for meal in archive.meals),
        edibles=len(archive.edibles),
        entries=len(archive.entries),
        first_day=known[0] if known else None,
        last_day=known[-1] if known else None,
        blank_times=blank_times,
        left_out={thing: count for thing, count in (left_out or {}).items() if count},
        notices=notices.all() if notices else (),
        unread=Unread(tuple(problems.first), problems.total - len(problems.first)) if problems else Unread(),
    )
