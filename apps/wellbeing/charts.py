"""The recent weeks of a category as a small picture. Lengths are in the units of its view box."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import fmean

from django.utils import timezone

from apps.accounts.models import User
from apps.wellbeing.models import Category, Option
from foodmood.days import day_bounds

DAYS = 42
WIDTH, HEIGHT = 336, 96  # a day is 8 wide
MARGIN = 8
MOST_LINES = 7  # a finer scale shows its ends only


@dataclass(frozen=True)
class Dot:
    """The mean of one day's entries."""

    x: str
    y: str


@dataclass(frozen=True)
class Chart:
    category: Category
    first: date
    last: date
    lowest: Option
    highest: Option
    dots: tuple[Dot, ...]
    path: str  # joins days that follow each other
    lines: tuple[str, ...]  # the heights of the scale's steps
    weeks: tuple[str, ...]  # where each week begins
    mean: float | None

    view_box = f"0 0 {WIDTH} {HEIGHT}"
    width = WIDTH
    height = HEIGHT
    days = DAYS


def recent_charts(owner: User, categories: Iterable[Category]) -> list[Chart]:
    """One query for all of these, whose options are at hand. A category without a scale has no picture."""
    today = timezone.localdate()
    first = today - timedelta(days=DAYS - 1)
    shown = [category for category in categories if len(category.options.all()) > 1]
    values = _values_by_day(owner, shown, first=first, last=today)
    return [_chart(category, values.get(category.pk, {}), first=first, last=today) for category in shown]


def _values_by_day(
    owner: User, categories: list[Category], *, first: date, last: date
) -> dict[int, dict[date, list[int]]]:
    start, end = day_bounds(first, owner.zone)[0], day_bounds(last, owner.zone)[1]
    entries = owner.entries.filter(category__in=categories, recorded_at__gte=start, recorded_at__lt=end)
    found: dict[int, dict[date, list[int]]] = {}
    row: tuple[int, datetime, int]
    for row in entries.order_by().values_list("category", "recorded_at", "option__value"):
        category, recorded_at, value = row
        day = recorded_at.astimezone(owner.zone).date()
        found.setdefault(category, {}).setdefault(day, []).append(value)
    return found


def _chart(category: Category, values: dict[date, list[int]], *, first: date, last: date) -> Chart:
    scale = sorted(category.options.all(), key=lambda option: option.value)
    lowest, highest = scale[0], scale[-1]
    means = {(day - first).days: fmean(values[day]) for day in sorted(values)}

    def height(value: float) -> str:
        share = (value - lowest.value) / (highest.value - lowest.value)
        return f"{HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN):.1f}"

    dots = {place: Dot(_across(place), height(mean)) for place, mean in means.items()}
    steps = scale if len(scale) <= MOST_LINES else [lowest, highest]
    return Chart(
        category=category,
        first=first,
        last=last,
        lowest=lowest,
        highest=highest,
        dots=tuple(dots.values()),
        path=" ".join(f"{'L' if place - 1 in dots else 'M'}{dot.x} {dot.y}" for place, dot in dots.items()),
        lines=tuple(height(option.value) for option in steps),
        weeks=tuple(f"{place * WIDTH / DAYS:.0f}" for place in range(7, DAYS, 7)),
        mean=fmean(means.values()) if means else None,
    )


def _across(place: int) -> str:
    return f"{(place + 0.5) * WIDTH / DAYS:.1f}"
