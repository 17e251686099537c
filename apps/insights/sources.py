"""Where the engine's diary comes from: a person's rows, or an archive. The same diary gives the same values."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from apps.accounts.models import User
from apps.archive.model import Archive
from apps.edibles.models import Ingredient
from apps.insights.engine import Diary, Eaten, Outcome, Rated
from apps.meals.models import Portion

SECONDS_PER_HOUR = 3600
MINUTES_PER_HOUR = 60


def diary_of(owner: User) -> Diary:
    """What the owner has logged, in four queries whatever its size.

    Archived categories count: what was rated stays true.
    """
    zone = owner.zone
    ratings: defaultdict[int, list[Rated]] = defaultdict(list)
    entries = owner.entries.order_by().values_list("category_id", "option__value", "recorded_at")
    for category, value, moment in entries.iterator():
        ratings[category].append(_rated(value, moment, zone))
    ingredients: defaultdict[str, list[str]] = defaultdict(list)
    contained = Ingredient.objects.filter(owner=owner).order_by()
    for container, edible in contained.values_list("container__name", "edible__name"):
        ingredients[container].append(edible)
    # An amount of 0 was not eaten; no amount at all was.
    portions = Portion.objects.filter(owner=owner, meal__owner=owner).exclude(amount=0).order_by()
    return _diary(
        ingredients=ingredients,
        eaten=(
            Eaten(_hours(moment), edible)
            for moment, edible in portions.values_list("meal__eaten_at", "edible__name").iterator()
        ),
        outcomes=(
            (name, higher_is_better, ratings[pk])
            for pk, name, higher_is_better in owner.categories.values_list("pk", "name", "higher_is_better")
        ),
    )


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
