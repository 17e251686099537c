"""How many queries something took, and how long the database was at them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from django.db import connection


@dataclass(slots=True)
class Queries:
    count: int = 0
    seconds: float = 0.0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        started = perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.count += 1
            self.seconds += perf_counter() - started


@contextmanager
def measured() -> Iterator[Queries]:
    """What this thread asks the database within."""
    queries = Queries()
    with connection.execute_wrapper(queries):
        yield queries
