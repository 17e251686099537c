from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.core.cache import caches
from django.db.models import Case, Count, Max, Q, Value, When
from django.utils import timezone

from apps.accounts.models import User
from apps.edibles.models import EATEN, Edible
from apps.edibles.search import INSIDE, found_edibles
from apps.meals.models import Portion
from foodmood.names import fold, search_key

LIMIT = 8
LATELY = timedelta(days=60)
RECENT_MEALS = 1000  # the newest, of which the usual foods are counted
USUAL = 200  # foods that are ranked by how usual they are; the others follow by name
KEPT = timedelta(minutes=5)
NEVER = (0, 0.0)

Rank = tuple[int, float]


def suggest_edibles(*, owner: User, query: str) -> list[Edible]:
    """What the person may mean: the very name first, then names that begin so, then other names with these words,
    then foods that contain one of those.

    Among those, what was eaten most often lately, then what was eaten last: as of some minutes ago. An empty query
    gets the usual things. The database never sends more than the usual ones and LIMIT others.
    """
    key, prefix, ranks = fold(query), search_key(query), _ranks(owner)
    if not key:
        return _in_order(owner.edibles.filter(pk__in=list(ranks)[:LIMIT]), ranks, key, prefix)
    usual = Case(When(pk__in=list(ranks), then=Value(0)), default=Value(1))
    exact = Case(When(key=key, then=Value(0)), default=Value(1))
    begins = Case(When(search_key__startswith=prefix, then=Value(0)), default=Value(1))
    by_name = owner.edibles.with_words(query).order_by(exact, begins, usual, "search_key", "pk")
    found = _in_order(by_name[: len(ranks) + LIMIT], ranks, key, prefix)
    if len(found) < LIMIT:
        containers = found_edibles(owner, query).filter(Q(match=INSIDE))
        found += _in_order(containers.order_by(usual, "search_key", "pk")[: len(ranks) + LIMIT], ranks, key, prefix)
    return found[:LIMIT]


def _in_order(edibles: Iterable[Edible], ranks: Mapping[int, Rank], key: str, prefix: str) -> list[Edible]:
    def order(edible: Edible) -> tuple[bool, bool, int, float, str]:
        name = edible.search_key or edible.key
        return edible.key != key, not name.startswith(prefix), *ranks.get(edible.pk, NEVER), name

    return sorted(edibles, key=order)[:LIMIT]


def _ranks(owner: User) -> Mapping[int, Rank]:
    """Of the most usual foods in the newest meals, by id and most usual first: smaller is more usual.

    To count portions takes ten times as long as the rest of an answer, and one is wanted with every letter.
    """
    cache, key = caches["losable"], f"ranks:{owner.pk}"
    ranks: dict[int, Rank] | None = cache.get(key)
    if ranks is None:
        lately = Q(meal__eaten_at__gte=timezone.now() - LATELY)
        newest = owner.meals.order_by("-eaten_at", "-pk").values("pk")[:RECENT_MEALS]
        # That they are all of the owner is so anyway. Said, it spares PostgreSQL from reading everybody's.
        portions = Portion.objects.filter(owner=owner, meal__owner=owner, meal__in=newest).order_by()
        portions = portions.filter(EATEN)
        eaten = portions.values_list("edible_id").annotate(times=Count("pk", filter=lately), last=Max("meal__eaten_at"))
        counted = {edible: (-times, -last.timestamp()) for edible, times, last in eaten}
        ranks = {edible: counted[edible] for edible in sorted(counted, key=counted.__getitem__)[:USUAL]}
        if ranks:  # else the first meal of a new diary would be missed
            cache.set(key, ranks, KEPT.total_seconds())
    return ranks
