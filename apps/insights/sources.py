"""Where the engine's diary comes from: a person's rows, or an archive. The same diary gives the same values."""

from collections import defaultdict
from zoneinfo import ZoneInfo

from django.db.models import TextField
from django.db.models.functions import Cast

from apps.accounts.models import User
from apps.archive.model import Archive
from apps.edibles.models import Ingredient
from apps.insights.engine import Diary, Eaten, Rated
from apps.insights.rows import Rows, diary, diary_in, hours, rated
from apps.meals.models import Portion, guessed_within
from apps.wellbeing.models import GUESSED_WITHIN, Category, Entry
from foodmood.prepared import Prepared, given_key


def diary_of(owner: User) -> Diary:
    """What the owner has logged, in four queries whatever its size."""
    return diary_in(rows_of(owner))


# Archived categories count: what was rated stays true. An amount of 0 was not eaten; no amount at all was.
_ENTRIES = Prepared(
    lambda: (
        Entry.objects.filter(owner=given_key("owner"))
        .order_by("-recorded_at", "-pk")
        .values_list("category_id", "option__value", Cast("recorded_at", TextField()), "time_guessed")
    )
)
_INGREDIENTS = Prepared(
    lambda: (
        Ingredient.objects.filter(owner=given_key("owner"))
        .order_by("container_id", "edible_id")
        .values_list("container__name", "edible__name")
    )
)
_PORTIONS = Prepared(
    lambda: (
        Portion.objects.filter(owner=given_key("owner"), meal__owner=given_key("owner"))
        .exclude(amount=0)
        .order_by("meal_id", "pk")
        .values_list(Cast("meal__eaten_at", TextField()), "edible__name", "meal__category", "meal__time_guessed")
    )
)
_CATEGORIES = Prepared(
    lambda: (
        Category.objects.filter(owner=given_key("owner")).order_by("pk").values_list("pk", "name", "higher_is_better")
    )
)


def rows_of(owner: User) -> Rows:
    """Read from the database while they are gone through, always in one order."""
    entries, ingredients, portions, categories = (
        rows.each(owner=owner.pk) for rows in (_ENTRIES, _INGREDIENTS, _PORTIONS, _CATEGORIES)
    )
    return Rows(
        owner.zone,
        ((category, value, at, GUESSED_WITHIN if guessed else 0) for category, value, at, guessed in entries),
        ingredients,
        ((at, edible, guessed_within(category, time_guessed=guessed)) for at, edible, category, guessed in portions),
        categories,
    )


def diary_from(archive: Archive) -> Diary:
    """The same from an archive, without a database."""
    zone = ZoneInfo(archive.timezone)
    values = {
        (category.name, option.label): option.value for category in archive.categories for option in category.options
    }
    ratings: defaultdict[str, list[Rated]] = defaultdict(list)
    for entry in archive.entries:
        within = GUESSED_WITHIN if entry.time_guessed else 0
        ratings[entry.category].append(rated(values[entry.category, entry.option], entry.recorded_at, zone, within))
    return diary(
        ingredients={edible.name: edible.ingredients for edible in archive.edibles},
        eaten=(
            Eaten(hours(meal.eaten_at), portion.edible, guessed_within(meal.category, time_guessed=meal.time_guessed))
            for meal in archive.meals
            for portion in meal.portions
            if portion.amount != 0
        ),
        outcomes=(
            (category.name, category.higher_is_better, ratings[category.name]) for category in archive.categories
        ),
    )
