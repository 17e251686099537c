"""What an import found, before anything is stored: for the page that asks and for a command's output."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from apps.archive.model import Archive


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


@dataclass(frozen=True, slots=True)
class Reading:
    archive: Archive
    report: Report


def report_on(
    archive: Archive, days: Iterable[date], *, rows: int, blank_times: int, left_out: Mapping[str, int]
) -> Report:
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
        left_out={thing: count for thing, count in left_out.items() if count},
    )
