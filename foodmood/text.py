"""Which characters a text may hold, and how much of it a message shows."""

import re

from django.core.validators import RegexValidator
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

# Control characters would break a page or a database (PostgreSQL refuses NUL); half a surrogate pair cannot
# be written as UTF-8; a line separator has no place in a name. Notes may hold tabs and line ends.
NOT_IN_A_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
NOT_IN_NOTES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

_message = _("Take out the control characters; they can't be seen, and perhaps came with a paste.")
validate_line = RegexValidator(NOT_IN_A_LINE, _message, code="control_characters", inverse_match=True)
validate_notes = RegexValidator(NOT_IN_NOTES, _message, code="control_characters", inverse_match=True)


def shortened(text: str, length: int) -> str:
    """On one line, the first `length` characters, with an ellipsis if there are more.

    Cut before Truncator normalises it, which takes quadratic time for combining characters.
    """
    line = " ".join(text[: 4 * length].split())
    return Truncator(line).chars(length)
