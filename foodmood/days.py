"""Times of a diary. A local day is the half-open interval between two local midnights: 23 or 25 hours at times."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

T = TypeVar("T")

# A diary is about a life; beyond these a date is a slip of the finger.
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first instant of the local day and the first of the next, both in UTC."""
    start, end = (datetime.combine(each, time.min, tzinfo=zone) for each in (day, day + timedelta(days=1)))
    return start.astimezone(UTC), end.astimezone(UTC)


def validate_diary_time(moment: datetime) -> None:
    if not EARLIEST <= moment < LATEST:
        raise ValidationError(_("Choose a time between the years 1900 and 2099."))


def by_local_day(rows: Iterable[T], moment: Callable[[T], datetime]) -> list[tuple[date, list[T]]]:
    """Rows in order of time as (day, its rows), in the zone that is active."""
    return [(day, list(of_day)) for day, of_day in groupby(rows, lambda row: timezone.localdate(moment(row)))]
