"""Where tasks wait: in the database, or in Redis.

Either delivers at least once. Who claims a task has it for a lease, which is renewed while the task is worked at; it
is gone only once it is acknowledged. Claims are counted, so that a task is known that every worker dies of.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol
from uuid import uuid4

from django.core.signing import BadSignature
from django.utils import timezone
from django_q.brokers import Broker as DjangoQBroker
from django_q.brokers import get_broker
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.signing import SignedPackage

LEASE = timedelta(seconds=60)


@dataclass(frozen=True)
class Delivery:
    """`attempt` counts from 1."""

    id: str
    payload: str
    attempt: int

    def task(self) -> dict[str, Any] | None:
        """What is to be done; None when it can't be read, because the secret key changed."""
        return _unpacked(self.payload)


class Broker(Protocol):
    """What the worker asks of django-q2's brokers, beyond what django-q2 does."""

    def ping(self) -> bool: ...
    def enqueue(self, payload: str) -> object: ...
    def claim(self) -> Delivery | None: ...
    def renew(self, ids: Sequence[str]) -> None: ...
    def postpone(self, id: str, wait: timedelta) -> None: ...  # noqa: A002 -- the field's name
    def acknowledge(self, id: str) -> None: ...  # noqa: A002


def broker() -> Broker:
    found: Broker = get_broker()
    return found


class DatabaseBroker(ORM):  # type: ignore[misc] # django-q2 is published without types
    def claim(self) -> Delivery | None:
        """The task that has been due for longest, unless another worker was faster."""
        rows = self.get_connection().filter(key=self.list_key)
        while row := rows.filter(lock__lte=timezone.now()).order_by("lock", "pk").first():
            task = _unpacked(row.payload)
            attempt = 1 if task is None else task.get("attempt", 0) + 1
            payload = row.payload if task is None else SignedPackage.dumps(task | {"attempt": attempt})
            unmoved = rows.filter(pk=row.pk, lock=row.lock)
            if unmoved.update(lock=timezone.now() + LEASE, payload=payload):
                return Delivery(str(row.pk), payload, attempt)
        return None

    def renew(self, ids: Sequence[str]) -> None:
        self.get_connection().filter(pk__in=ids).update(lock=timezone.now() + LEASE)

    def postpone(self, id: str, wait: timedelta) -> None:  # noqa: A002 -- as above
        self.get_connection().filter(pk=id).update(lock=timezone.now() + wait)


class RedisBroker(DjangoQBroker):  # type: ignore[misc] # as above
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
        from foodmood.redis import connect  # noqa: PLC0415 -- only who uses Redis loads it

        return connect(Conf.REDIS)

    @property
    def _keys(self) -> list[str]:
        return [f"tasks:{self.list_key}:{name}" for name in ("due", "payloads", "attempts")]

    def ping(self) -> bool:
        return bool(self.connection.ping())

    def enqueue(self, payload: str) -> str:
        due, payloads, _attempts = self._keys
        name = uuid4().hex
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

    def postpone(self, id: str, wait: timedelta) -> None:  # noqa: A002 -- as above
        self.connection.zadd(self._keys[0], {id: _seconds(wait)}, xx=True)

    def acknowledge(self, id: str) -> None:  # noqa: A002 -- as above
        due, payloads, attempts = self._keys
        self.connection.pipeline().zrem(due, id).hdel(payloads, id).hdel(attempts, id).execute()

    def queue_size(self) -> int:
        return int(self.connection.zcount(self._keys[0], "-inf", _seconds()))

    def lock_size(self) -> int:
        return int(self.connection.zcard(self._keys[0])) - self.queue_size()

    def purge_queue(self) -> None:
        self.connection.delete(*self._keys)

    delete_queue = purge_queue

    def info(self) -> str:
        return "Redis"


def _unpacked(payload: str) -> dict[str, Any] | None:
    try:
        task: dict[str, Any] = SignedPackage.loads(payload)
    except (BadSignature, TypeError, ValueError):
        return None
    return task


def _seconds(later: timedelta = timedelta()) -> float:
    return (timezone.now() + later).timestamp()
