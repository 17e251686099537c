"""Fractions as people and exports write them: ½, 1/2, 1 1/2."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from apps.meals.models import AMOUNT_DECIMALS

_SIGNS = "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
FRACTION = re.compile(
    rf"(?:(?P<whole>[0-9]{{1,7}})\s+)?(?P<over>[0-9]{{1,7}})\s?[/⁄]\s?(?P<under>[0-9]{{1,7}})"
    rf"|(?P<wholes>[0-9]{{1,7}})?\s?(?P<sign>[{_SIGNS}])"
)
_STEP = Decimal(1).scaleb(-AMOUNT_DECIMALS)


def fraction_in(found: re.Match[str]) -> Fraction | None:
    """The number that FRACTION found; None for a division by nothing."""
    whole = int(found["whole"] or found["wholes"] or 0)
    if sign := found["sign"]:
        over, _slash, under = unicodedata.normalize("NFKC", sign).partition("⁄")
        return whole + Fraction(int(over), int(under))
    return whole + Fraction(int(found["over"]), int(found["under"])) if int(found["under"]) else None


def rounded(number: Fraction | Decimal) -> Decimal:
    """To the decimals that an amount has. What is more than nothing stays more than nothing."""
    if isinstance(number, Decimal) and number == (kept := number.quantize(_STEP)):
        return kept
    exact = Fraction(number)
    kept = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(_STEP, ROUND_HALF_UP)
    return _STEP if exact > 0 and not kept else kept
