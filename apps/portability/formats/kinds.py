"""Which product's export a table is, told by its header, so that a wrong file is refused by name."""

from django.utils.translation import gettext as _

from apps.portability.formats.errors import FormatError, refused
from apps.portability.formats.tables import Table

SERVINGS = "Cronometer: Servings"
DAYLIO = "Daylio"

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
)


def kind_of(table: Table) -> str | None:
    return next((kind for kind, columns in _TOLD_BY if table.has(*columns)), None)


def wrong_columns(table: Table, wanted: str, missing: tuple[str, ...]) -> FormatError:
    """The refusal of a table that lacks columns of the wanted kind."""
    kind = kind_of(table)
    columns = {"missing": ", ".join(missing), "found": table.shown_header()}
    if kind is not None and kind != wanted:
        what = _("This is an export of %(kind)s, not of %(wanted)s") % {"kind": kind, "wanted": wanted}
        return refused(what, _("choose the other file, or the other import"), table.header_line)
    if len(missing) == 1:
        what = _("The column %(missing)s is missing; found: %(found)s") % columns
    else:
        what = _("The columns %(missing)s are missing; found: %(found)s") % columns
    return refused(what, _("choose the CSV that %(wanted)s exports") % {"wanted": wanted}, table.header_line)
