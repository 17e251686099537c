"""Days and times as exports write them: text → local date and time → instant."""

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from apps.archive.problems import Fault, quoted
from apps.archive.values import in_known_years

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(:(?P<second>\d\d))?(\s*(?P<half>[ap])\.?\s?m\.?)?",
    re.ASCII | re.IGNORECASE,
)
_NOON = 12
_HOURS = 24


def day(text: str) -> date:
    text = text.strip()
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass  # such as 2026-02-30
    raise Fault(_("%(text)s is not a day") % {"text": quoted(text)}, _("write it like 2026-03-01"))


def clock(text: str) -> time | None:
    """21:05, 9:05:00 or 9:05 PM; None where nothing is written."""
    text = " ".join(text.split())  # iPhones put a narrow no-break space before PM
    if not text:
        return None
    found = _TIME.fullmatch(text)
    hour = _hour(int(found["hour"]), found["half"]) if found else None
    try:
        if found and hour is not None:
            return time(hour, int(found["minute"]), int(found["second"] or 0))
    except ValueError:
        pass  # such as 21:75
    raise Fault(_("%(text)s is not a time") % {"text": quoted(text)}, _("write it like 21:05 or 9:05 PM"))


def _hour(hour: int, half: str | None) -> int | None:
    if half is None:
        return hour if hour < _HOURS else None
    if not 1 <= hour <= _NOON:
        return None
    return hour % _NOON + (_NOON if half in "pP" else 0)


def instant(on: date, at: time, zone: ZoneInfo) -> datetime:
    """That local time as an instant in UTC; raises Fault outside the years of a diary.

    A time that spring leaves out is moved on by as much as the clocks are (02:30 → 03:30); of one that
    autumn has twice, the first is meant. That is what Python does with fold=0.
    """
    return in_known_years(datetime.combine(on, at, tzinfo=zone))
