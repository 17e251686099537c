"""How many queries something took, how long the database was at them, and which of them were slow."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import connection

logger = logging.getLogger(__name__)

SHOWN = 1000  # of a query's characters: some hold a thousand rows


@dataclass(slots=True)
class Queries:
    count: int = 0
    seconds: float = 0.0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        started = perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            seconds = perf_counter() - started
            self.count += 1
            self.seconds += seconds
            if 0 < settings.SLOW_QUERY_MS <= seconds * 1000:
                # With %s in the place of every value: those are what people wrote.
                logger.warning("Slow query, %d ms: %s", seconds * 1000, " ".join(sql.split())[:SHOWN])


@contextmanager
def measured() -> Iterator[Queries]:
    """What this thread asks the database within."""
    queries = Queries()
    with connection.execute_wrapper(queries):
        yield queries
