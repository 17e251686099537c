"""Amounts as people and exports write them: `8.00 whole - 3 1/2" diameter` → 8 and the unit.

What is no number is kept as it is written, in the unit: that something was eaten is worth more than how much of it.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.archive import limits, values
from apps.meals.amounts import FRACTION, fraction_in, rounded
from apps.portability.formats import texts
from apps.portability.formats.notices import Note

# A number, then white space, a letter, % or the end: in `5-6 pieces` no number stands alone.
_END = r"(?=\s|[^\W\d_]|%|$)\s*(?P<unit>.*)"
_AMOUNT = re.compile(r"(?P<number>[-+]?[0-9](?:[0-9.,]*[0-9])?)" + _END)
_FRACTION = re.compile(rf"(?:{FRACTION.pattern}){_END}")
_GROUPED = {
    "comma": re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?P<decimals>\.[0-9]+)?"),
    "point": re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?P<decimals>,[0-9]+)?"),
}
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_DECIMAL_COMMA = re.compile(r"[0-9]+,[0-9]+")
_SPACED = re.compile(r"[0-9]{1,3}(?: [0-9]{3})+[.,][0-9]")
_EITHER_WAY = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_SURE = re.compile(r"[-+]?[0-9]+(?P<sign>[.,])(?:[0-9]{1,2}|[0-9]{4,})(?=\s|[^\W\d_]|%|$)")
_LARGEST = Decimal(limits.MAX_AMOUNT)
_MOST_DIGITS = 40


@dataclass(slots=True)
class Signs:
    """Which decimal sign the amounts of a file have, learned from those that can be read in one way alone."""

    points: int = 0
    commas: int = 0

    def add(self, text: str) -> None:
        if found := _SURE.match(text.strip()):
            self.points += found["sign"] == "."
            self.commas += found["sign"] == ","

    @property
    def decimal(self) -> str | None:
        if bool(self.points) == bool(self.commas):
            return None
        return "." if self.points else ","


def amount_and_unit(text: str, note: Note, *, decimal: str | None = None) -> tuple[Decimal | None, str]:
    """What has no number in front is all unit. `decimal`: the file's decimal sign, where it is known.

    The amount may be below zero: that is for the caller to judge.
    """
    text = " ".join(text.split())
    if (found := _FRACTION.fullmatch(text)) and (fraction := fraction_in(found)) is not None:
        number = rounded(fraction)
        return (values.amount(number), _unit(found["unit"], note)) if number <= _LARGEST else _as_written(text, note)
    found = None if _SPACED.match(text) else _AMOUNT.fullmatch(text)  # 1 000,00 g would become one "000,00 g"
    if found is None:
        if _SPACED.match(text):
            note(_("The number has spaces inside, so the amount is kept as text"))
        return None, _unit(text, note)
    number_read = _number(found["number"], decimal)
    if number_read is None:
        return _as_written(text, note)
    if number_read > _LARGEST:
        note(_("Larger than %(most)s, so the amount is kept as text") % {"most": limits.MAX_AMOUNT})
        return None, _unit(text, note)
    if number_read < 0:
        return number_read, _unit(found["unit"], note)
    kept = rounded(number_read)
    if kept != number_read:
        note(_("More than %(n)d decimals, so the amount is rounded") % {"n": limits.AMOUNT_DECIMALS})
    return values.amount(kept), _unit(found["unit"], note)


def _as_written(text: str, note: Note) -> tuple[None, str]:
    note(_("The amount may be read in several ways (1,500 is 1500 or 1.5), so it is kept as text"))
    return None, _unit(text, note)


def _unit(text: str, note: Note) -> str:
    return texts.line(text, limits.UNIT_LENGTH, note)


def _number(text: str, decimal: str | None) -> Decimal | None:
    """None where it may be read in several ways. A point alone is a decimal point, as Cronometer writes it."""
    digits = text.lstrip("+-")
    if len(digits) > _MOST_DIGITS:
        return None
    if _EITHER_WAY.fullmatch(digits) and (decimal or "," in digits):
        # A thousand or one? A wrong guess is wrong a thousandfold, and nobody would see it.
        return Decimal(_with_point(text, decimal)) if decimal else None
    if _PLAIN.fullmatch(digits):
        return Decimal(text)
    if _GROUPED["comma"].fullmatch(digits):
        return Decimal(_with_point(text, "."))
    if _GROUPED["point"].fullmatch(digits) or _DECIMAL_COMMA.fullmatch(digits):
        return Decimal(_with_point(text, ","))
    return None


def _with_point(text: str, decimal: str) -> str:
    return text.replace("," if decimal == "." else ".", "").replace(decimal, ".")
