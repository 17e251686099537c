"""Where tasks wait: in the database, or in Redis (redis_broker.py).

Either delivers at least once. Who claims a task has it for a lease, which is renewed while the task is worked at; it
is gone only once it is acknowledged. Claims are counted, so that a task is known that every worker dies of.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.core.signing import BadSignature
from django.db.models import Min
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.brokers.orm import ORM
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


class QueueUnavailableError(Exception):
    """Nothing was queued, or nobody knows how much is. The database has none: what fails there fails with all else."""


class Broker(Protocol):
    """What the worker asks of django-q2's brokers, beyond what django-q2 does."""

    def ping(self) -> bool: ...
    def enqueue(self, payload: str) -> object: ...
    def claim(self) -> Delivery | None: ...
    def renew(self, ids: Sequence[str]) -> None: ...
    def postpone(self, id: str, wait: timedelta) -> None: ...  # noqa: A002 -- the field's name
    def acknowledge(self, id: str) -> None: ...  # noqa: A002 -- as above
    def size(self) -> int: ...  # of what waits and of what is being done
    def first_due(self) -> datetime | None: ...


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

    def size(self) -> int:
        return int(self.get_connection().filter(key=self.list_key).count())

    def first_due(self) -> datetime | None:
        first: datetime | None = self.get_connection().filter(key=self.list_key).aggregate(first=Min("lock"))["first"]
        return first


def _unpacked(payload: str) -> dict[str, Any] | None:
    try:
        task: dict[str, Any] = SignedPackage.loads(payload)
    except (BadSignature, TypeError, ValueError):
        return None
    return task
