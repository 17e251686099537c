from datetime import timedelta

from django.db.models import Case, Count, F, Max, Q, Value, When
from django.utils import timezone

from apps.accounts.models import User
from apps.edibles.models import Edible
from foodmood.names import fold

LIMIT = 8
LATELY = timedelta(days=60)


def suggest_edibles(*, owner: User, query: str) -> list[Edible]:
    """What the person may mean: the very name first, then names that begin so, then names that hold it.

    Among those, what was eaten most often lately, then what was eaten last. An empty query gets the usual things.
    """
    key = fold(query)
    lately = Q(portions__meal__eaten_at__gte=timezone.now() - LATELY)
    rank = Case(When(key=key, then=Value(0)), When(key__startswith=key, then=Value(1)), default=Value(2))
    found = owner.edibles.filter(key__contains=key) if key else owner.edibles.filter(portions__isnull=False)
    ranked = found.annotate(
        rank=rank, times=Count("portions", filter=lately), last=Max("portions__meal__eaten_at")
    ).order_by("rank", "-times", F("last").desc(nulls_last=True), "key")
    return list(ranked[:LIMIT])
