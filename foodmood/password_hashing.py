"""Password hashing that fits a machine with 512 MB: a smaller argon2, and few hashes at the same time."""

import ctypes
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher

M_MMAP_THRESHOLD = -3
LARGE_BLOCK = 4 * 2**20  # bytes

# glibc would raise its threshold after the first hash, and keep the 19 MiB of later ones in the heap of each thread.
with suppress(AttributeError, OSError):  # another C library
    ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK)

_slots = threading.BoundedSemaphore(settings.PASSWORD_HASHES_AT_ONCE)
_large = threading.Lock()


class HashingBusyError(Exception):
    """No slot for another hash became free in time. Nothing was checked or changed."""


class Argon2Hasher(Argon2PasswordHasher):
    """Argon2id with the smaller of OWASP's profiles (19 MiB, 2 passes, 1 thread) instead of Django's 100 MiB.

    Every form that hashes comes through here, so the limits hold for log-in, sign-up and all password pages. Django
    replaces a hash with other parameters when its owner next logs in.
    """

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _slot():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        # An older hash takes the memory that it was made with.
        with _slot(large=self.decode(encoded)["memory_cost"] > self.memory_cost):
            return super().verify(password, encoded)


class _Queue:
    """Since when somebody has always been waiting for a slot. After PASSWORD_HASH_WAIT seconds of that nobody waits any
    more, so that threads answer other requests instead of queueing for each log-in of a flood.
    """

    since: float | None = None

    def patience(self) -> float:
        now = time.monotonic()
        self.since = self.since or now
        left: float = self.since + settings.PASSWORD_HASH_WAIT - now
        return max(left, 0)


_queue = _Queue()


@contextmanager
def _slot(*, large: bool = False) -> Iterator[None]:
    """Wait for a slot of this process. Of the larger hashes, one is computed at a time."""
    locks: list[Any] = [_large, _slots] if large else [_slots]
    with ExitStack() as held:
        if not all(_taken(lock, held, blocking=False) for lock in locks):
            held.close()
            for lock in locks:
                if not _taken(lock, held, timeout=_queue.patience()):
                    raise HashingBusyError
        else:
            _queue.since = None
        yield


def _taken(lock: Any, held: ExitStack, **how: Any) -> bool:
    if is_taken := lock.acquire(**how):
        held.callback(lock.release)
    return bool(is_taken)
