"""Warnings that any stranger can cause: in the log once a minute at most, and few different ones."""

from threading import Lock
from time import monotonic

from django.core.cache import cache
from django.db import DatabaseError

MINUTE = 60  # seconds
MOST = 10  # different ones a minute, of each process: a scanner tries any number of host names

_lock = Lock()
_told: dict[str, float] = {}


def once_a_minute(key: str) -> bool:
    """Return whether to log the warning `key` now. All processes together log it once."""
    now = monotonic()
    with _lock:
        for each in [each for each, at in _told.items() if at <= now - MINUTE]:
            del _told[each]
        if key in _told or len(_told) >= MOST:
            return False
        _told[key] = now
    try:
        return cache.add(f"occasional:{key}", True, MINUTE)
    except DatabaseError:
        return True  # the database is away: rather twice than never
