"""Times of day as exports and spreadsheets write them: text → time since midnight → instant."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from apps.archive.problems import Fault, quoted
from apps.archive.values import in_known_years

_TIME = re.compile(
    r"(?P<before>\D*?)(?P<hour>\d{1,2})(?:[:.,h]\s?(?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:\.\d+)?)?)?"
    r"(?P<after>\D*)",
    re.ASCII,
)
_FRACTION = re.compile(r"0?[.,](?P<digits>\d+)", re.ASCII)
_LONGEST = 60
_SURELY_A_FRACTION = 3  # digits; 0.25 may be 0:25 as well
_DAY_END = timedelta(hours=24)
_NOON = 12
_HOURS, _MINUTES = 24, 60

# What stands for AM and PM where spreadsheets speak other languages, without points and spaces.
_MORNING = frozenset(
    {"am", "a", "vorm", "matin", "fm", "dop", "de", "πμ", "π", "ap", "öö", "rano", "sa", "上午", "午前", "오전", "ص"}
)
_AFTERNOON = frozenset(
    {"pm", "p", "nachm", "soir", "em", "odp", "du", "μμ", "μ", "ip", "ös", "ch", "下午", "午後", "오후", "م"}
)
_NEITHER = frozenset({"", "uhr", "h", "kl", "klo", "hrs", "hr"})


def clock(text: str, *, fractions: bool = False) -> timedelta | None:
    """21:05, 9:05:00, 9:05 PM, 9.05 or 24:00 as the time since midnight; None where nothing is written.

    `fractions`: the file's times are parts of a day, as spreadsheets hold them. 0.41042 is 9:51 in any file, 0.25 is
    6:00 in such a one alone.
    """
    text = " ".join(text[:_LONGEST].split()).casefold()  # iPhones put a narrow no-break space before PM
    if not text:
        return None
    found = _of_fraction(text, fractions=fractions) or _of_clock(text)
    if found is None:
        raise Fault(_("%(text)s is not a time") % {"text": quoted(text)}, _("write it like 21:05 or 9:05 PM"))
    return found


def is_fraction(text: str) -> bool:
    found = _FRACTION.fullmatch(text[:_LONGEST].strip())
    return found is not None and len(found["digits"]) >= _SURELY_A_FRACTION


def _of_fraction(text: str, *, fractions: bool) -> timedelta | None:
    found = _FRACTION.fullmatch(text)
    if found is None or not (fractions or is_fraction(text) or len(found["digits"]) == 1):
        return None
    return timedelta(minutes=round(float(f"0.{found['digits']}") * _HOURS * _MINUTES))


def _of_clock(text: str) -> timedelta | None:
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    words = {re.sub(r"[.\s]", "", found[place]) for place in ("before", "after")}
    half = words & (_MORNING | _AFTERNOON)
    if words - half - _NEITHER or len(half) > 1:
        return None
    if found["minute"] is None and not half:
        return None  # a number alone
    hour, minute, second = int(found["hour"]), int(found["minute"] or 0), int(found["second"] or 0)
    if minute >= _MINUTES or second >= _MINUTES:
        return None
    if half:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if half & _AFTERNOON else 0)
    at = timedelta(hours=hour, minutes=minute, seconds=second)
    return at if at <= _DAY_END else None


def instant(on: date, at: timedelta, zone: ZoneInfo) -> datetime:
    """That local time as an instant in UTC; raises Fault outside the years of a diary. 24:00 begins the next day.

    A time that spring leaves out is moved on by as much as the clocks are (02:30 → 03:30); of one that
    autumn has twice, the first is meant. That is what Python does with fold=0.
    """
    try:
        local = datetime.combine(on, time.min) + at
    except OverflowError:
        local = datetime.combine(on, time.min)  # its year is refused below
    return in_known_years(local.replace(tzinfo=zone))
