"""Which product's export a file is, told by its first bytes or its header, so that a wrong file is refused by name."""

import base64
import binascii
import re

from django.utils.translation import gettext as _

from apps.portability.formats.errors import FormatError, refused
from apps.portability.formats.tables import Table, read_table

ARCHIVE = "FoodMood"
SERVINGS = "Cronometer: Servings"
DAYLIO = "Daylio"
DAYLIO_BACKUP = "Daylio: backup"
SPREADSHEET = "a spreadsheet"
_IMPORTED = {ARCHIVE, SERVINGS, DAYLIO}

# The names are those of the products' own pages. The first kind whose columns are all there is the one.
_TOLD_BY: tuple[tuple[str, tuple[str, ...]], ...] = (
    (SERVINGS, ("day", "food name")),
    ("Cronometer: Biometrics", ("day", "metric")),
    ("Cronometer: Exercises", ("day", "exercise")),
    ("Cronometer: Notes", ("day", "note")),
    (DAYLIO, ("mood", "activities")),
    ("Bearable", ("date", "rating/amount")),
    ("MyFitnessPal: Nutrition Summary", ("date", "meal", "calories")),
    ("Cronometer: Daily Nutrition", ("date", "energy (kcal)")),
    ("Track & Graph", ("featurename", "timestamp", "value")),
)
_KEYS: tuple[tuple[str, tuple[bytes, ...]], ...] = (
    (ARCHIVE, (b'"format"', b'"foodmood"')),
    ("Waistline", (b'"foodList"',)),
    ("Perfice", (b'"trackables"',)),
)
_HEAD = 65_536
_ZIP, _OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_IN_SPREADSHEETS = (b"[Content_Types].xml", b"opendocument.spreadsheet", b"xl/worksheets")
_DAY = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}", re.ASCII)


def kind_of(table: Table) -> str | None:
    return next((kind for kind, columns in _TOLD_BY if table.has(*columns)), None)


def kind_of_file(data: bytes) -> str | None:
    """The name of what is in `data`, table or not; None where that is unknown."""
    if kind := _kind_of_bytes(data):
        return kind
    try:
        return kind_of(read_table(data))
    except FormatError:
        return None


def readable_table(data: bytes, wanted: str) -> Table:
    """As read_table(), but a file that is no table is refused by its name."""
    if kind := _kind_of_bytes(data):
        raise another(kind, wanted)
    return read_table(data)


def has_no_header(table: Table) -> bool:
    """Whether the first line is a row already."""
    return bool(_DAY.match(table.header[0]))


def wrong_columns(table: Table, wanted: str, missing: tuple[str, ...]) -> FormatError:
    """The refusal of a table that lacks columns of the wanted kind."""
    kind = kind_of(table)
    columns = {"missing": ", ".join(missing), "found": table.shown_header()}
    if kind is not None and kind != wanted:
        return another(kind, wanted, table.header_line)
    if has_no_header(table):
        return refused(
            _("The file has no line of column names"),
            _("add %(names)s as its first line") % {"names": _FIRST_LINES[wanted]},
            table.header_line,
        )
    if len(missing) == 1:
        what = _("The column %(missing)s is missing; found: %(found)s") % columns
    else:
        what = _("The columns %(missing)s are missing; found: %(found)s") % columns
    return refused(what, _("choose the CSV that %(wanted)s exports") % {"wanted": wanted}, table.header_line)


_FIRST_LINES = {
    SERVINGS: "Day,Time,Group,Food Name,Amount",
    DAYLIO: "full_date,date,weekday,time,mood,activities,note_title,note",
}


def another(kind: str, wanted: str, line: int | None = None) -> FormatError:
    """The refusal of a file of another kind, with what to do instead."""
    names = {"kind": kind, "wanted": wanted}
    if kind == SPREADSHEET:
        return refused(_("This is a spreadsheet, not text"), _("save the sheet as CSV in UTF-8"), line)
    if kind == DAYLIO_BACKUP:
        what = _("This is a backup that only Daylio can read")
        return refused(what, _("in Daylio choose More → Export entries → CSV, and import that file"), line)
    what = _("This is an export of %(kind)s, not of %(wanted)s") % names
    if kind in _IMPORTED:
        return refused(what, _("import it as %(kind)s") % names, line)
    if kind.partition(":")[0] == wanted.partition(":")[0]:
        return refused(what, _("export %(wanted)s and import that file") % names, line)
    return refused(what, _("FoodMood can't read files of that kind yet"), line)


def _kind_of_bytes(data: bytes) -> str | None:
    head = data[:_HEAD]
    if data.startswith(_ZIP):
        if b"backup.daylio" in head:
            return DAYLIO_BACKUP
        return SPREADSHEET if any(name in data for name in _IN_SPREADSHEETS) else None
    if data.startswith(_OLD_WORKBOOK):
        return SPREADSHEET
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"eyJ") and _is_base64_of_json(start):
        return DAYLIO_BACKUP
    if start[:1] not in {b"{", b"["}:
        return None
    return next((kind for kind, keys in _KEYS if all(key in head for key in keys)), None)


def _is_base64_of_json(text: bytes) -> bool:
    """A backup of Daylio, unpacked."""
    try:
        return b'"version"' in base64.b64decode(text[:400], validate=True)
    except binascii.Error:
        return False
