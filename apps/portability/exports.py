"""A person's diary as an archive."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter

from django.db.models import F, FilteredRelation, Q

from apps.accounts.models import User
from apps.archive.model import Category, Edible, Entry, Meal, Option, Portion
from apps.archive.writer import archive_pieces
from apps.meals.models import Portion as PortionRow
from apps.wellbeing import models as wellbeing
from apps.wellbeing.starter import Starter
from foodmood.database import one_moment


def exported(owner: User) -> Iterator[bytes]:
    """Everything the owner has logged, piece by piece, as it was at one moment.

    Neither the number of queries nor the memory depends on the diary's size. To be taken at once: as long as it is
    not, it holds a transaction.
    """
    with one_moment():
        yield from archive_pieces(
            timezone=owner.time_zone,
            edibles=(
                Edible(edible.name, tuple(ingredient.name for ingredient in edible.ingredients.all()), edible.notes)
                for edible in owner.edibles.prefetch_related("ingredients")
            ),
            meals=_meals(owner),
            categories=(archived_category(category) for category in owner.categories.with_options()),
            entries=(
                Entry(category, option, recorded_at, notes, time_guessed=time_guessed)
                for category, option, recorded_at, notes, time_guessed in owner.entries.filter(category__owner=owner)
                .order_by("recorded_at", "pk")
                .values_list("category__name", "option__label", "recorded_at", "notes", "time_guessed")
                .iterator()
            ),
        )


def _meals(owner: User) -> Iterator[Meal]:
    """In the order of their times."""
    own = owner.meals.annotate(own=FilteredRelation("portions", condition=Q(portions__owner=F("owner"))))
    lines = own.order_by("eaten_at", "pk", "own__pk").values_list(
        "pk", "category", "eaten_at", "title", "notes", "time_guessed", "own__edible__name", "own__amount", "own__unit"
    )
    for _pk, of_meal in groupby(lines.iterator(), key=itemgetter(0)):
        rows = list(of_meal)
        _pk, category, eaten_at, title, notes, time_guessed, *_portion = rows[0]
        portions = tuple(Portion(*row[6:]) for row in rows if row[6] is not None)
        yield Meal(category, eaten_at, portions, title, notes, time_guessed=time_guessed)


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
