"""Finding foods by what is typed: by their names, and by the names of what is inside them."""

from django.db.models import Case, IntegerField, QuerySet, Value, When

from apps.accounts.models import User
from apps.edibles.expansion import with_containers
from apps.edibles.models import Edible, has_words
from foodmood.names import search_key, search_words

BEGINS, CONTAINS, INSIDE = 0, 1, 2


def found_edibles(owner: User, query: str) -> "QuerySet[Edible]":
    """The owner's foods that the query finds, with the place as `match`: first names that begin with it, then other
    names with its words, then foods that contain one of those at any depth.
    """
    words = search_words(query)
    if not words:
        return owner.edibles.none()
    match = Case(
        When(has_words(words), search_key__startswith=search_key(query), then=Value(BEGINS)),
        When(has_words(words), then=Value(CONTAINS)),
        default=Value(INSIDE),
        output_field=IntegerField(),
    )
    containers = with_containers(owner.edibles.with_words(query), owner=owner.pk)
    return owner.edibles.filter(pk__in=containers).annotate(match=match).order_by("match", "search_key", "pk")
