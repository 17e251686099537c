"""Results that were computed before. docs/adr/0019 says why they never grow stale, and who could read them."""

import functools
import hashlib
from datetime import timedelta
from pathlib import Path

from django.core.cache import caches

from apps.insights.apart import analyse_apart
from apps.insights.engine import OutcomeResult
from apps.insights.rows import Rows
from foodmood.telemetry.metrics import INSIGHTS_SECONDS

KEPT = timedelta(days=1)


def results_of(rows: Rows) -> tuple[OutcomeResult, ...]:
    """What the engine says of this diary, anew or as it said before of the very same."""
    cache, key = caches["losable"], f"insights:{_engine()}:{_digest(repr(rows).encode())}"
    results: tuple[OutcomeResult, ...] | None = cache.get(key)
    if results is None:
        with INSIGHTS_SECONDS.time():
            results = analyse_apart(rows)
        cache.set(key, results, KEPT.total_seconds())
    return results


@functools.cache
def _engine() -> str:
    """Changes with the code that computes: nobody has to remember to count a version up."""
    here = Path(__file__).parent
    files = [here / "rows.py", here / "sources.py", *sorted(here.glob("engine/*.py"))]
    return _digest(b"".join(file.read_bytes() for file in files))


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=20).hexdigest()
