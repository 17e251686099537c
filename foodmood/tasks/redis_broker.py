"""Where tasks wait with TASK_BROKER=redis. A module of its own: who does not use Redis does not load its client."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone
from django_q.brokers import Broker as DjangoQBroker
from django_q.conf import Conf
from redis import RedisError

from foodmood.explanations import explain
from foodmood.redis import connect
from foodmood.tasks.brokers import LEASE, Delivery, QueueUnavailableError


class RedisBroker(DjangoQBroker):  # type: ignore[misc] # django-q2 is published without types
    """django-q2's own for Redis loses what a worker that dies had in hand. Here a sorted set says what is due when.

    `due`: id → second from which it may be claimed. `payloads` and `attempts`: by id.
    """

    CLAIM = """
        local id = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, 1)[1]
        if not id then return false end
        redis.call('ZADD', KEYS[1], ARGV[2], id)
        return {id, redis.call('HGET', KEYS[2], id), redis.call('HINCRBY', KEYS[3], id, 1)}
    """

    @staticmethod
    def get_connection(_list_key: str | None = None) -> Any:
        return connect(Conf.REDIS)

    @property
    def _keys(self) -> list[str]:
        return [f"tasks:{self.list_key}:{name}" for name in ("due", "payloads", "attempts")]

    def ping(self) -> bool:
        return bool(self.connection.ping())

    def enqueue(self, payload: str) -> str:
        due, payloads, _attempts = self._keys
        name = uuid4().hex
        with _available():
            self.connection.pipeline().hset(payloads, name, payload).zadd(due, {name: _seconds()}).execute()
        return name

    def claim(self) -> Delivery | None:
        answer = self.connection.eval(self.CLAIM, 3, *self._keys, _seconds(), _seconds(LEASE))
        if answer is None:
            return None
        name, payload, attempt = answer
        return Delivery(name.decode(), (payload or b"").decode(), attempt)

    def renew(self, ids: Sequence[str]) -> None:
        if ids:
            self.connection.zadd(self._keys[0], dict.fromkeys(ids, _seconds(LEASE)), xx=True)

    def postpone(self, id: str, wait: timedelta) -> None:  # noqa: A002 -- the field's name
        self.connection.zadd(self._keys[0], {id: _seconds(wait)}, xx=True)

    def acknowledge(self, id: str) -> None:  # noqa: A002 -- the field's name
        due, payloads, attempts = self._keys
        self.connection.pipeline().zrem(due, id).hdel(payloads, id).hdel(attempts, id).execute()

    def size(self) -> int:
        with _available():
            return int(self.connection.zcard(self._keys[0]))

    def first_due(self) -> datetime | None:
        with _available():
            first = self.connection.zrange(self._keys[0], 0, 0, withscores=True)
        return datetime.fromtimestamp(first[0][1], UTC) if first else None

    def queue_size(self) -> int:
        return int(self.connection.zcount(self._keys[0], "-inf", _seconds()))

    def lock_size(self) -> int:
        return int(self.connection.zcard(self._keys[0])) - self.queue_size()

    def purge_queue(self) -> None:
        self.connection.delete(*self._keys)

    delete_queue = purge_queue

    def info(self) -> str:
        return "Redis"


@contextmanager
def _available() -> Iterator[None]:
    try:
        yield
    except RedisError as error:
        raise QueueUnavailableError(f"Redis fails: {explain(error)}") from error


def _seconds(later: timedelta = timedelta()) -> float:
    return (timezone.now() + later).timestamp()
