"""Bytes → JSON values, without anything lost that the reader must judge: exact numbers, repeated keys."""

import json
import re
from collections import Counter
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from apps.archive.encoding import decode_utf8
from apps.archive.problems import ArchiveError, Fault, Problem

# One of these in a file, such as 🙂, makes Python keep four bytes for each of its signs: four times the file.
_BEYOND_16_BITS = re.compile(rb"\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}")
_MOST_DIGITS = 30  # no number of a diary needs more; Python itself refuses to make an int of very many


class RepeatedKeys(dict[str, object]):
    """A JSON object in which some key stood more than once: the reader knows its path."""

    repeated: tuple[str, ...] = ()


def parse(data: bytes) -> object:
    """The JSON document; numbers with a point are Decimals, as are NaN and Infinity.

    Raises ArchiveError.
    """
    try:
        return json.loads(
            decode_utf8(_BEYOND_16_BITS.sub(_escaped, data)),
            parse_float=_number,
            parse_int=_whole_number,
            parse_constant=_number,
            object_pairs_hook=_object,
        )
    except Fault as fault:
        raise _refused(fault.what, fault.mend) from None
    except json.JSONDecodeError as error:
        raise _refused(
            _("This is not JSON: line %(line)d, column %(column)d: %(reason)s")
            % {"line": error.lineno, "column": error.colno, "reason": error.msg},
            _("choose the file as FoodMood exported it, or mend that place"),
        ) from None
    except RecursionError:
        raise _refused(
            _("The JSON is nested too deeply to be an archive"),
            _("choose the file as FoodMood exported it"),
        ) from None


def _escaped(sign: re.Match[bytes]) -> bytes:
    return json.dumps(sign[0].decode()).strip('"').encode()


def _refused(what: str, mend: str) -> ArchiveError:
    return ArchiveError((Problem("", what, mend),))


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent beyond what Decimal holds
        return Decimal("Infinity")


def _whole_number(text: str) -> int | Decimal:
    return int(text) if len(text) <= _MOST_DIGITS else Decimal(text)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) == len(pairs):
        return values
    marked = RepeatedKeys(values)
    marked.repeated = tuple(key for key, times in Counter(key for key, _value in pairs).items() if times > 1)
    return marked
