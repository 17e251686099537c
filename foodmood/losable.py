"""The cache of what may be lost, in Redis: where Redis fails, nothing else does. See docs/adr/0019."""

import functools
import logging
import pickle
import zlib
from collections.abc import Callable
from os import urandom
from threading import Lock
from time import monotonic
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.utils.crypto import salted_hmac
from redis import Redis

from foodmood.explanations import explain
from foodmood.redis import connect
from foodmood.telemetry.metrics import cache_read

logger = logging.getLogger(__name__)

PAUSE = 10.0  # seconds for which Redis is not asked after it failed
PREFIX = "losable:"
NONCE = 12  # bytes


class LosableCache(BaseCache):
    """A failure is a miss, and Redis learns nothing: names are keyed hashes, values sealed.

    On BaseCache: all that Django's own RedisCache adds are further commands, each of which could fail.
    """

    def __init__(self, url: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._server = _server(url)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        name = self.make_and_validate_key(key, version=version)
        sealed = self._server.ask("read", lambda redis: redis.get(name))
        value = default if sealed is None else _unseal(name, sealed, default)
        cache_read("losable", "error" if self._server.fails else "miss" if value is default else "hit")
        return value

    def set(self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._write(key, value, timeout, version)

    def add(self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._write(key, value, timeout, version, nx=True))

    def delete(self, key: str, version: int | None = None) -> bool:
        name = self.make_and_validate_key(key, version=version)
        return bool(self._server.ask("write", lambda redis: redis.delete(name)))

    def clear(self) -> None:
        """Of everything here; what else lives in this Redis stays."""
        self._server.ask("write", lambda redis: [redis.delete(name) for name in redis.scan_iter(f"{PREFIX}*")])

    def make_key(self, key: str, version: int | None = None) -> str:
        return PREFIX + salted_hmac("foodmood.losable", super().make_key(key, version), algorithm="sha256").hexdigest()

    def _write(self, key: str, value: Any, timeout: float | None, version: int | None, *, nx: bool = False) -> Any:
        name = self.make_and_validate_key(key, version=version)
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        if seconds is not None and seconds <= 0:
            return self.delete(key, version)
        expires = None if seconds is None else int(seconds * 1000)
        sealed = _seal(name, value)
        return self._server.ask("write", lambda redis: redis.set(name, sealed, px=expires, nx=nx))


class Server:
    """One Redis, for all threads of this process. After a failure it is left alone for a while."""

    def __init__(self, url: str) -> None:
        self._redis = connect(url)
        self._lock = Lock()
        self._failed = ""  # what failed: a full Redis takes nothing, but answers
        self._left_alone_until = 0.0

    @property
    def fails(self) -> bool:
        return bool(self._failed)

    def ask(self, what: str, command: "Callable[[Redis], Any]") -> Any:
        """What the command answers; None when Redis fails, or has failed just now."""
        if self._failed and not self._may_try():
            return None
        try:
            answer = command(self._redis)
        except Exception as error:  # noqa: BLE001 -- who answers garbage makes redis-py raise anything
            self._note_failure(what, error)
            return None
        if self._failed:
            self._note_success(what)
        return answer

    def _may_try(self) -> bool:
        """One thread tries, when the time has come; the others go on without."""
        with self._lock:
            if monotonic() < self._left_alone_until:
                return False
            self._left_alone_until = monotonic() + PAUSE
            return True

    def _note_failure(self, what: str, error: Exception) -> None:
        with self._lock:
            first = not self._failed
            self._failed = self._failed or what
            self._left_alone_until = monotonic() + PAUSE
        if first:
            logger.warning(
                "Redis fails (%s): until it answers again, what it would have kept is computed anew.",
                explain(error),
            )

    def _note_success(self, what: str) -> None:
        with self._lock:
            self._left_alone_until = 0.0  # so that what failed is tried next, and not kept off by what never did
            recovered = self._failed == what
            if recovered:
                self._failed = ""
        if recovered:
            logger.info("Redis answers again.")


@functools.cache
def _server(url: str) -> Server:
    """Django makes a cache object for every thread; the connections, and what is known of them, are shared."""
    return Server(url)


def _key() -> bytes:
    return salted_hmac("foodmood.losable", "values at rest", algorithm="sha256").digest()


def _seal(name: str, value: Any) -> bytes:
    """Packed, and encrypted under its name: one value can't be passed off as another's."""
    nonce = urandom(NONCE)
    packed = zlib.compress(pickle.dumps(value, pickle.HIGHEST_PROTOCOL), level=1)
    return nonce + AESGCM(_key()).encrypt(nonce, packed, name.encode())


def _unseal(name: str, sealed: bytes, default: Any) -> Any:
    """Pickle is safe behind the seal: only who has the secret key could have written it. A broken seal is a miss."""
    try:
        packed = AESGCM(_key()).decrypt(sealed[:NONCE], sealed[NONCE:], name.encode())
    except (InvalidTag, ValueError):  # another key, or not ours
        return default
    try:
        return pickle.loads(zlib.decompress(packed))  # noqa: S301 -- see above
    except (AttributeError, ImportError, TypeError):  # another version's, of a class that is no more
        return default
