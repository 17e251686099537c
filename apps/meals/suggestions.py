from collections.abc import Mapping
from datetime import timedelta

from django.core.cache import caches
from django.db.models import Count, Max, Q
from django.utils import timezone

from apps.accounts.models import User
from apps.edibles.models import Edible
from apps.meals.models import Portion
from foodmood.names import fold

LIMIT = 8
LATELY = timedelta(days=60)
KEPT = timedelta(minutes=5)
NEVER = (0, 0.0)


def suggest_edibles(*, owner: User, query: str) -> list[Edible]:
    """What the person may mean: the very name first, then names that begin so, then names that hold it.

    Among those, what was eaten most often lately, then what was eaten last: as of some minutes ago. An empty query
    gets the usual things.
    """
    key, ranks = fold(query), _ranks(owner)
    if key:
        found = owner.edibles.filter(key__contains=key)
    else:
        found = owner.edibles.filter(pk__in=sorted(ranks, key=ranks.__getitem__)[:LIMIT])

    def order(edible: Edible) -> tuple[bool, bool, int, float, str]:
        times, last = ranks.get(edible.pk, NEVER)
        return edible.key != key, not edible.key.startswith(key), times, last, edible.key

    return sorted(found, key=order)[:LIMIT]


def _ranks(owner: User) -> Mapping[int, tuple[int, float]]:
    """Of each edible that was ever eaten, by its id: smaller is more usual.

    To count all portions takes ten times as long as the rest of an answer, and one is wanted with every letter.
    """
    cache, key = caches["losable"], f"ranks:{owner.pk}"
    ranks: dict[int, tuple[int, float]] | None = cache.get(key)
    if ranks is None:
        lately = Q(meal__eaten_at__gte=timezone.now() - LATELY)
        portions = Portion.objects.filter(owner=owner).order_by().values_list("edible_id")
        eaten = portions.annotate(times=Count("pk", filter=lately), last=Max("meal__eaten_at"))
        ranks = {edible: (-times, -last.timestamp()) for edible, times, last in eaten}
        if ranks:  # else the first meal of a new diary would be missed
            cache.set(key, ranks, KEPT.total_seconds())
    return ranks
