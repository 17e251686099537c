"""A person's diary as an Archive."""

from collections import defaultdict
from collections.abc import Mapping

from apps.accounts.models import User
from apps.archive.model import Archive, Category, Edible, Entry, Meal, Option, Portion
from apps.meals.models import Portion as PortionRow
from apps.wellbeing import models as wellbeing
from apps.wellbeing.starter import Starter


def archive_of(owner: User) -> Archive:
    """Everything the owner has logged. The number of queries does not depend on the diary's size."""
    portions = portions_of(owner)
    return Archive(
        timezone=owner.time_zone,
        edibles=tuple(
            Edible(edible.name, tuple(ingredient.name for ingredient in edible.ingredients.all()), edible.notes)
            for edible in owner.edibles.prefetch_related("ingredients")
        ),
        meals=tuple(
            Meal(meal.category, meal.eaten_at, tuple(portions[meal.pk]), meal.title, meal.notes)
            for meal in owner.meals.iterator()
        ),
        categories=tuple(archived_category(category) for category in owner.categories.with_options()),
        entries=tuple(
            Entry(*row)
            for row in owner.entries.filter(category__owner=owner)
            .values_list("category__name", "option__label", "recorded_at", "notes")
            .iterator()
        ),
    )


def portions_of(owner: User) -> Mapping[int, list[Portion]]:
    """Each meal's portions by the meal's primary key. No row becomes an object of its own: there are many."""
    names = dict(owner.edibles.values_list("pk", "name"))
    portions: defaultdict[int, list[Portion]] = defaultdict(list)
    rows = PortionRow.objects.filter(owner=owner).order_by("pk").values_list("meal", "edible", "amount", "unit")
    for meal, edible, amount, unit in rows.iterator():
        portions[meal].append(Portion(names[edible], amount, unit))
    return portions


def archived_category(category: wellbeing.Category) -> Category:
    return Category(
        name=category.name,
        options=tuple(
            Option(option.label, option.value, option.color, option.order) for option in category.options.all()
        ),
        description=category.description,
        icon=category.icon,
        is_active=category.is_active,
        higher_is_better=category.higher_is_better,
    )


def archived_starter(starter: Starter) -> Category:
    return Category(
        name=starter.name,
        options=tuple(Option(label, value, color, value) for value, label, color in starter.steps),
        icon=starter.icon,
        higher_is_better=starter.higher_is_better,
    )
