from collections.abc import Iterable
from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.db import DatabaseError

from foodmood.telemetry.metrics import cache_read


class CountedDatabaseCache(DatabaseCache):
    """Django's, which notes how often it knew an answer. All its ways to read go through this one."""

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        wanted = list(keys)
        try:
            found = super().get_many(wanted, version)
        except DatabaseError:
            cache_read("default", "error", len(wanted))
            raise
        cache_read("default", "hit", len(found))
        cache_read("default", "miss", len(wanted) - len(found))
        return found
