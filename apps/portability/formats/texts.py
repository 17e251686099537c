"""Names, units and notes cut to what a diary holds. What was changed is noted, never silent."""

from django.utils.translation import gettext as _

from apps.archive import limits, values
from apps.portability.formats.notices import Note
from foodmood.names import fold
from foodmood.text import NOT_IN_A_LINE, NOT_IN_NOTES

_ELLIPSIS = "…"


def name(text: str, length: int, note: Note) -> str:
    """A name on one line with single spaces; raises Fault where it is blank."""
    kept = line(text, length, note)
    while len(fold(kept)) > 3 * length:  # some characters fold to as many as eighteen
        kept = kept[: len(kept) // 2].rstrip()
        note(_shortened(length))
    return values.name(kept, length)


def line(text: str, length: int, note: Note) -> str:
    text = NOT_IN_A_LINE.sub(" ", text) if NOT_IN_A_LINE.search(text) else text
    return _shortest(" ".join(text.split()), length, note)


def notes(text: str, note: Note) -> str:
    cleaned = NOT_IN_NOTES.sub("", text)
    return _shortest(cleaned.strip() if cleaned != text else text, limits.NOTES_LENGTH, note)


def _shortest(text: str, length: int, note: Note) -> str:
    if len(text) <= length:
        return text
    note(_shortened(length))
    return text[: length - 1].rstrip() + _ELLIPSIS


def _shortened(length: int) -> str:
    return _("Longer than %(n)d characters, so it is shortened") % {"n": length}
