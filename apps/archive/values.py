"""Single values of a diary against their limits. Each function returns the value to keep, or raises Fault."""

import re
from datetime import UTC, datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.archive import limits
from apps.archive.problems import Fault, quoted
from foodmood.names import fold
from foodmood.text import NOT_IN_A_LINE, NOT_IN_NOTES
from foodmood.zones import zone_names

_COLOR = re.compile(r"#[0-9a-f]{6}", re.ASCII | re.IGNORECASE)
# datetime.fromisoformat also takes week dates and cuts nanoseconds off in silence. Old offsets have seconds.
_ISO = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d(:\d\d)?)?",
    re.ASCII,
)
_LARGEST = Decimal(limits.MAX_AMOUNT)
_SMALLEST_STEP = Decimal(1).scaleb(-limits.AMOUNT_DECIMALS)


def line_of_text(text: str, length: int) -> str:
    return _checked(text, length, NOT_IN_A_LINE)


def notes(text: str, length: int = limits.NOTES_LENGTH) -> str:
    return _checked(text, length, NOT_IN_NOTES)


def name(text: str, length: int) -> str:
    """A text that other things refer to: not blank, no white space around it that nobody would see."""
    if not text.strip():
        raise Fault(_("is blank"), _("give it a name"))
    if text != text.strip():
        raise Fault(
            _("%(text)s has white space around it") % {"text": quoted(text)},
            _("take the white space away"),
        )
    kept = line_of_text(text, length)
    if len(fold(kept)) > 3 * length:  # one sign may fold to eighteen, and the column for it has three each
        raise Fault(_("has signs that stand for many letters each"), _("shorten it"))
    return kept


def color(text: str) -> str:
    if text and not _COLOR.fullmatch(text):
        raise Fault(
            _("%(text)s is not a colour") % {"text": quoted(text)},
            _("write it like #3b82f6, or leave it empty"),
        )
    return text


def amount(number: Decimal) -> Decimal:
    """The amount with no zeros at its end, so that 8.00 and 8 are kept and written alike."""
    if not number.is_finite():
        raise Fault(_("%(n)s is not a finite number") % {"n": quoted(number)}, _("give a number or nothing"))
    if number < 0:
        raise Fault(_("%(n)s is negative") % {"n": quoted(number)}, _("give 0 or more"))
    if number > _LARGEST:
        raise Fault(
            _("%(n)s is too large") % {"n": quoted(number)},
            _("give at most %(most)s, perhaps in a larger unit") % {"most": limits.MAX_AMOUNT},
        )
    kept = number.quantize(_SMALLEST_STEP)
    if kept != number:
        raise Fault(
            _("%(n)s has too many decimals") % {"n": quoted(number)},
            _("round it to %(n)d decimals") % {"n": limits.AMOUNT_DECIMALS},
        )
    # normalize() alone would turn 100 into 1E+2.
    return Decimal(int(kept)) if kept == kept.to_integral_value() else kept.normalize()


def instant(text: str) -> datetime:
    """An ISO date and time with its offset, as that instant in UTC.

    UTC, because two times in one zone compare by their clocks: in the hour that autumn repeats, an
    earlier and a later one would be equal.
    """
    try:
        moment = datetime.fromisoformat(text) if _ISO.fullmatch(text) else None
    except ValueError:
        moment = None
    if moment is None:
        raise Fault(
            _("%(text)s is not a date and time") % {"text": quoted(text)},
            _("write it like 2026-03-01T08:05:00+01:00"),
        )
    if moment.tzinfo is None:
        raise Fault(
            _("%(text)s does not say its offset from UTC") % {"text": quoted(text)},
            _("add it, like +01:00 or Z"),
        )
    return in_known_years(moment)


def in_known_years(moment: datetime) -> datetime:
    """The aware moment in UTC, if its year there is one that a diary may have."""
    # The first look keeps years 1 and 9999 from overflowing on their way to UTC.
    near = limits.FIRST_YEAR - 1 <= moment.year <= limits.LAST_YEAR + 1
    if near:
        utc = moment.astimezone(UTC)
        if limits.FIRST_YEAR <= utc.year <= limits.LAST_YEAR:
            return utc
    raise Fault(
        _("the year %(year)d is outside %(first)d to %(last)d")
        % {"year": moment.year, "first": limits.FIRST_YEAR, "last": limits.LAST_YEAR},
        _("correct the year"),
    )


def time_zone(text: str) -> str:
    if text not in zone_names():
        raise Fault(
            _("%(text)s is not a known time zone") % {"text": quoted(text)},
            _("use an IANA name like Europe/Berlin"),
        )
    return text


def _checked(text: str, length: int, forbidden: re.Pattern[str]) -> str:
    if len(text) > length:
        raise Fault(
            ngettext("has %(n)d character", "has %(n)d characters", len(text)) % {"n": len(text)},
            ngettext("shorten it to %(n)d", "shorten it to %(n)d", length) % {"n": length},
        )
    if found := forbidden.search(text):
        raise Fault(
            _("holds the control character U+%(code)s") % {"code": f"{ord(found[0]):04X}"},
            _("take it out"),
        )
    return text
