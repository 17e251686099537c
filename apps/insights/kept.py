"""Results that were computed before, of each person the newest. docs/adr/0019 and 0027 say why they never grow stale,
and who could read them.
"""

import functools
import hashlib
import pickle
import threading
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.core.cache import caches

from apps.accounts.models import User
from apps.insights.apart import analyse_apart
from apps.insights.engine import OutcomeResult
from apps.insights.rows import pack
from apps.insights.sources import rows_of
from foodmood.telemetry.metrics import INSIGHTS_SECONDS

KEPT = timedelta(days=1)

# Threads that read at once end no sooner, and what they took together the process would keep.
_reading = threading.Lock()


@dataclass(frozen=True, slots=True)
class Insights:
    """What the engine says of somebody's diary, and whether there is anything in it."""

    results: tuple[OutcomeResult, ...]
    has_meals: bool
    has_entries: bool


def insights_of(owner: User) -> Insights:
    """Anew, or as the engine said before of the very same diary."""
    cache, key = caches["losable"], f"insights:{_engine()}:{owner.pk}"
    with _reading:
        diary = pack(rows_of(owner))
    digest = _digest(pickle.dumps(diary))
    of, results = cache.get(key) or ("", ())
    if of != digest:
        with INSIGHTS_SECONDS.time():
            results = analyse_apart(diary)
        cache.set(key, (digest, results), KEPT.total_seconds())
    return Insights(results, has_meals=bool(diary.portions), has_entries=bool(diary.entries))


@functools.cache
def _engine() -> str:
    """Changes with the code that computes: nobody has to remember to count a version up."""
    here = Path(__file__).parent
    files = [here / "rows.py", here / "sources.py", *sorted(here.glob("engine/*.py"))]
    return _digest(b"".join(file.read_bytes() for file in files))


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=20).hexdigest()
