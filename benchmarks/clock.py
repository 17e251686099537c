"""Measuring: what it took, and how that compares."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.test.utils import CaptureQueriesContext

MILLISECONDS = 1000


@dataclass(frozen=True, slots=True)
class Cost:
    seconds: float
    queries: int


def cost(action: Callable[..., object], *arguments: object, repeat: int = 1) -> Cost:
    """The quickest of several runs: what else the machine does only ever adds."""
    runs = []
    for _ in range(repeat):
        with CaptureQueriesContext(connection) as queries:
            started = time.perf_counter()
            action(*arguments)
            runs.append(Cost(time.perf_counter() - started, len(queries)))
    return min(runs, key=lambda run: run.seconds)


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Printed with a first column of words and others of numbers."""
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads))]
    print(f"\n{title}\n")
    for row in (heads, *rows):
        first, *others = row
        cells = [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))]
        print("  " + "   ".join(cells).rstrip())
