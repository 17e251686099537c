"""Amounts as people and exports write them: `8.00 whole - 3 1/2" diameter` → 8 and the unit."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.archive import limits, values
from apps.archive.problems import Fault, quoted

# A number, then white space, a letter, % or the end: in `1/2 cup` and `5-6 pieces` no number stands alone.
_AMOUNT = re.compile(r"(?P<number>[-+]?[0-9](?:[0-9.,]*[0-9])?)(?=\s|[^\W\d_]|%|$)\s*(?P<unit>.*)")
_GROUPED = {
    "comma": re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?P<decimals>\.[0-9]+)?"),
    "point": re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?P<decimals>,[0-9]+)?"),
}
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_DECIMAL_COMMA = re.compile(r"[0-9]+,[0-9]+")
_SPACED = re.compile(r"[0-9]{1,3}(?: [0-9]{3})+[.,][0-9]")
_EITHER_WAY = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")


def amount_and_unit(text: str) -> tuple[Decimal | None, str]:
    """What has no number in front is all unit: nothing that was written is lost. Raises Fault."""
    text = " ".join(text.split())
    if _SPACED.match(text):  # 1 000,00 g would become one "000,00 g"
        raise Fault(_("%(text)s has spaces inside its number") % {"text": quoted(text)}, _("write it like 1234.5"))
    found = _AMOUNT.fullmatch(text)
    if found is None:
        return None, values.line_of_text(text, limits.UNIT_LENGTH)
    return values.amount(_number(found["number"])), values.line_of_text(found["unit"], limits.UNIT_LENGTH)


def _number(text: str) -> Decimal:
    """The decimal sign is a point, as Cronometer writes it (1.000 is one), or a comma that must be."""
    digits = text.lstrip("+-")
    if _PLAIN.fullmatch(digits):
        return Decimal(text)
    if _EITHER_WAY.fullmatch(digits):
        # A thousand or one? A wrong guess is wrong a thousandfold, and nobody would see it.
        raise Fault(
            _("%(text)s may mean a thousand or one") % {"text": quoted(text)},
            _("write 1000 or 1.0"),
        )
    if _GROUPED["comma"].fullmatch(digits):
        return Decimal(text.replace(",", ""))
    if _GROUPED["point"].fullmatch(digits):
        return Decimal(text.replace(".", "").replace(",", "."))
    if _DECIMAL_COMMA.fullmatch(digits):
        return Decimal(text.replace(",", "."))
    raise Fault(_("%(text)s is not a number") % {"text": quoted(text)}, _("write it like 1234.5"))
