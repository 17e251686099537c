"""Which backups stay: pure arithmetic."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

# Backups are a day apart, so one that is a day from its end would outlive it until the next looks.
BETWEEN = timedelta(days=1)


@dataclass(frozen=True)
class Plan:
    """How many days, weeks and months that have backups keep their newest; none is older than `longest`."""

    daily: int
    weekly: int
    monthly: int
    longest: timedelta


def kept(times: Iterable[datetime], plan: Plan, now: datetime) -> set[datetime]:
    """Those (UTC) that stay. The newest always does, and so does a day's worth: one by hand replaces no other."""
    newest_first = sorted(times, reverse=True)
    periods: list[tuple[int, Callable[[datetime], object]]] = [
        (plan.daily, lambda at: at.date()),
        (plan.weekly, lambda at: at.isocalendar()[:2]),
        (plan.monthly, lambda at: (at.year, at.month)),
    ]
    stay: set[datetime] = set()
    for number, period in periods:
        newest: dict[object, datetime] = {}
        for at in newest_first:
            newest.setdefault(period(at), at)
        stay |= set(list(newest.values())[:number])
    lasting = {at for at in stay if now - at < plan.longest - BETWEEN}
    return lasting | {at for at in newest_first if now - at < BETWEEN} | set(newest_first[:1])
