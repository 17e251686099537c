from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Count, RestrictedError
from django.utils.translation import gettext as _

from apps.accounts.diary import lock_diary, refuse_gone
from apps.accounts.models import User
from apps.accounts.quotas import quoted, refuse_over_quota
from apps.edibles.models import Edible, Ingredient
from foodmood.names import fold


class IngredientCycleError(ValueError):
    """The edible would contain itself; the message names the way round."""


class NameTakenError(ValueError):
    """The owner has an edible of this name already; the message says so."""


class EdibleInUseError(ValueError):
    """The edible is in a meal or in another edible, which would lose it."""


@transaction.atomic
def save_edible(*, edible: Edible, added: Iterable[str] = (), removed: Collection[Edible] = ()) -> Edible:
    """Writes the edible with ingredients added by name and others taken out, all or nothing.

    Ingredients that are not mentioned stay. Raises NameTakenError, IngredientCycleError, QuotaError and GoneError.
    """
    lock_diary(edible.owner)
    refuse_gone(edible)
    if not edible.pk:
        refuse_over_quota("foods", edible.owner.edibles.count() + 1)
    if edible.owner.edibles.named(edible.name).exclude(pk=edible.pk).exists():
        raise NameTakenError(name_taken(edible.name))
    edible.save()
    kept = set(edible.ingredients.all()).difference(removed)
    named = get_or_create_edibles(owner=edible.owner, names=added)
    set_ingredients(edible=edible, ingredients={*kept, *named.values()})
    return edible


@transaction.atomic
def duplicate_edible(*, edible: Edible, name: str) -> Edible:
    """A new edible with the notes and the ingredients of this one. Raises NameTakenError, QuotaError and GoneError."""
    lock_diary(edible.owner)
    refuse_gone(edible)
    copy = save_edible(edible=Edible(owner=edible.owner, name=name, notes=edible.notes))
    set_ingredients(edible=copy, ingredients=edible.ingredients.all())
    return copy


@transaction.atomic
def delete_edible(*, edible: Edible) -> None:
    """Raises EdibleInUseError."""
    lock_diary(edible.owner)
    if edible.container_links.exists():
        raise EdibleInUseError
    try:
        edible.delete()
    except RestrictedError as error:
        raise EdibleInUseError from error


def name_taken(name: str) -> str:
    return _("You already have an edible called “%(name)s”.") % {"name": name}


@transaction.atomic
def get_or_create_edibles(*, owner: User, names: Iterable[str]) -> dict[str, Edible]:
    """The owner's edibles of these names by their folded name; those not there yet are created.

    Raises QuotaError.
    """
    wanted: dict[str, str] = {}
    for name in names:
        wanted.setdefault(fold(name), " ".join(name.split()))  # of two spellings the first
    lock_diary(owner)
    found = {edible.key: edible for edible in owner.edibles.filter(key__in=wanted)}
    new = [Edible(owner=owner, name=name) for key, name in wanted.items() if key not in found]
    if new:
        refuse_over_quota("foods", owner.edibles.count() + len(new))
    return found | {edible.key: edible for edible in Edible.objects.bulk_create(new)}


@transaction.atomic
def set_ingredients(*, edible: Edible, ingredients: Collection[Edible]) -> None:
    """Makes these, and no others, the edible's direct ingredients. Raises IngredientCycleError and QuotaError."""
    lock_diary(edible.owner)
    _refuse_too_many(edible, ingredients)
    refuse_cycles(edible, ingredients)
    edible.ingredient_links.exclude(edible__in=ingredients).delete()
    Ingredient.objects.bulk_create(
        [Ingredient(owner=edible.owner, container=edible, edible=ingredient) for ingredient in ingredients],
        ignore_conflicts=True,
    )


def _refuse_too_many(edible: Edible, ingredients: Collection[Edible]) -> None:
    links = Ingredient.objects.filter(owner=edible.owner)
    before = set(links.filter(container=edible).values_list("edible", flat=True))
    added = {ingredient.pk: ingredient.name for ingredient in ingredients if ingredient.pk not in before}
    if not added:
        return
    refuse_over_quota("ingredients_of_food", len(ingredients), before=len(before), name=quoted(edible.name))
    refuse_over_quota("ingredients", links.count() - len(before) + len(ingredients))
    used = links.filter(edible__in=added).order_by().values_list("edible").annotate(times=Count("pk"))
    for pk, times in used:
        refuse_over_quota("containers_of_food", times + 1, name=quoted(added[pk]))


def refuse_cycles(edible: Edible, ingredients: Iterable[Edible]) -> None:
    """Raises IngredientCycleError if the edible is one of these, or is inside one of them at any depth."""
    inside: dict[int, list[int]] = {}
    for container, contained in Ingredient.objects.filter(owner=edible.owner).values_list("container", "edible"):
        inside.setdefault(container, []).append(contained)
    for ingredient in ingredients:
        way = _way(inside, start=ingredient.pk, end=edible.pk)
        if way is not None:
            names = dict(Edible.objects.filter(pk__in=way).values_list("pk", "name"))
            raise IngredientCycleError(
                _("“%(edible)s” would contain itself: %(way)s. Leave “%(ingredient)s” out.")
                % {
                    "edible": edible.name,
                    "way": " → ".join(names[pk] for pk in [edible.pk, *way]),
                    "ingredient": ingredient.name,
                }
            )


def _way(inside: dict[int, list[int]], *, start: int, end: int) -> list[int] | None:
    """The edibles from start down to end, both included, or None when end is not inside start."""
    came_from: dict[int, int | None] = {start: None}
    stack = [start]
    while stack:
        here = stack.pop()
        if here == end:
            way = [here]
            while (before := came_from[way[-1]]) is not None:
                way.append(before)
            return way[::-1]
        for below in inside.get(here, ()):
            if below not in came_from:
                came_from[below] = here
                stack.append(below)
    return None
