"""Password hashing that fits a machine with 512 MB: a smaller argon2, and few hashes at the same time."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher

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


@contextmanager
def _slot(*, large: bool = False) -> Iterator[None]:
    """Wait for a slot of this process. Of the larger hashes, one is computed at a time."""
    end = time.monotonic() + settings.PASSWORD_HASH_WAIT
    locks: list[Any] = [_large, _slots] if large else [_slots]
    with ExitStack() as held:
        for lock in locks:
            if not lock.acquire(timeout=max(end - time.monotonic(), 0)):
                raise HashingBusyError
            held.callback(lock.release)
        yield
