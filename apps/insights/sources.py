"""Where the engine's diary comes from: a person's rows, or an archive. The same diary gives the same values."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.db.models import TextField
from django.db.models.functions import Cast

from apps.accounts.models import User
from apps.archive.model import Archive
from apps.edibles.models import Ingredient
from apps.insights.engine import Diary, Eaten, Outcome, Rated
from apps.meals.models import Portion

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


def diary_of(owner: User) -> Diary:
    """What the owner has logged, in four queries whatever its size."""
    return diary_in(rows_of(owner))


def rows_of(owner: User) -> Rows:
    """Archived categories count: what was rated stays true. An amount of 0 was not eaten; no amount at all was."""
    entries = owner.entries.order_by().values_list("category_id", "option__value", Cast("recorded_at", TextField()))
    contained = Ingredient.objects.filter(owner=owner).order_by().values_list("container__name", "edible__name")
    portions = Portion.objects.filter(owner=owner).exclude(amount=0).order_by()
    return Rows(
        zone=owner.zone,
        entries=sorted(entries),
        ingredients=sorted(contained),
        portions=sorted(portions.values_list(Cast("meal__eaten_at", TextField()), "edible__name")),
        categories=sorted(owner.categories.values_list("pk", "name", "higher_is_better")),
    )


def diary_in(rows: Rows) -> Diary:
    ratings: defaultdict[int, list[Rated]] = defaultdict(list)
    for category, value, text in rows.entries:
        ratings[category].append(_rated(value, _moment(text), rows.zone))
    ingredients: defaultdict[str, list[str]] = defaultdict(list)
    for container, edible in rows.ingredients:
        ingredients[container].append(edible)
    return _diary(
        ingredients=ingredients,
        eaten=(Eaten(_hours(_moment(text)), edible) for text, edible in rows.portions),
        outcomes=((name, higher_is_better, ratings[pk]) for pk, name, higher_is_better in rows.categories),
    )


def _moment(text: str) -> datetime:
    """PostgreSQL writes the offset; SQLite none, because Django stores UTC there."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def diary_from(archive: Archive) -> Diary:
    """The same from an archive, without a database."""
    zone = ZoneInfo(archive.timezone)
    values = {
        (category.name, option.label): option.value for category in archive.categories for option in category.options
    }
    ratings: defaultdict[str, list[Rated]] = defaultdict(list)
    for entry in archive.entries:
        ratings[entry.category].append(_rated(values[entry.category, entry.option], entry.recorded_at, zone))
    return _diary(
        ingredients={edible.name: edible.ingredients for edible in archive.edibles},
        eaten=(
            Eaten(_hours(meal.eaten_at), portion.edible)
            for meal in archive.meals
            for portion in meal.portions
            if portion.amount != 0
        ),
        outcomes=(
            (category.name, category.higher_is_better, ratings[category.name]) for category in archive.categories
        ),
    )


def _diary(
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
            Outcome(name, higher_is_better, tuple(sorted(rated, key=lambda each: (each.at, each.value))))
            for name, higher_is_better, rated in sorted(outcomes, key=lambda outcome: _alphabetic(outcome[0]))
        ),
    )


def _alphabetic(name: str) -> tuple[str, str]:
    return name.casefold(), name


def _rated(value: int, moment: datetime, zone: ZoneInfo) -> Rated:
    local = moment.astimezone(zone)
    hour = local.hour + local.minute / MINUTES_PER_HOUR + local.second / SECONDS_PER_HOUR
    return Rated(_hours(moment), float(value), local.toordinal(), hour)


def _hours(moment: datetime) -> float:
    return moment.timestamp() / SECONDS_PER_HOUR
