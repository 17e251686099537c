"""A person's diary as tables for a spreadsheet, and their account as JSON, in one ZIP file.

Columns are described in docs/exporting.md. They are English and fixed, so that what reads them keeps working.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from zoneinfo import ZoneInfo

from django.db.models import F, FilteredRelation, Q

from apps.accounts.models import User
from apps.portability.account import account_of
from foodmood.database import one_moment

Cell = str | int | Decimal | None

# A spreadsheet takes a text that begins so for a formula, in Japanese also with wide signs. An apostrophe before it
# keeps it a text; one that was there already gets a second, so that taking one away gives every text back. A text also
# begins after a semicolon, a tab or a line end: one that was told to split there does so in the middle of our cells.
BEGINS = r"(?:^|(?<=[;\t\r\n]))"
FORMULA = re.compile(BEGINS + r"(?=\"*['=+\-@\t\r\n＝＋－＠])")
GUARD = re.compile(BEGINS + "'")

MEALS = ("meal", "date", "time", "utc_offset", "category", "title", "edible", "amount", "unit", "notes", "time_guessed")
WELLBEING = ("date", "time", "utc_offset", "category", "option", "value", "notes", "time_guessed")
EDIBLES = ("edible", "ingredient", "notes")

LINES_AT_ONCE = 500


def guarded(text: str) -> str:
    return FORMULA.sub("'", text)


def unguarded(text: str) -> str:
    return GUARD.sub("", text)


def tables_of(owner: User) -> Iterator[bytes]:
    """The ZIP file, piece by piece, as the diary was at one moment: no more than one piece is held in memory.

    To be taken at once: as long as it is not, it holds a transaction.
    """
    out = _Out()
    with one_moment(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, columns, rows in (
            ("meals.csv", MEALS, _meals(owner)),
            ("wellbeing.csv", WELLBEING, _wellbeing(owner)),
            ("edibles.csv", EDIBLES, _edibles(owner)),
        ):
            with archive.open(name, "w") as file:
                for piece in _csv(columns, rows):
                    file.write(piece)
                    yield out.taken()
        archive.writestr("account.json", json.dumps(account_of(owner), ensure_ascii=False, indent=2) + "\n")
    yield out.taken()


class _Out(io.RawIOBase):
    """Where the ZIP file is written to; what was taken is gone. It can't be sought, and zipfile sees that."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: bytes) -> int:  # type: ignore[override] # zipfile writes bytes
        self._pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def _csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, quoting=csv.QUOTE_NONNUMERIC)
    lines.write("\ufeff")  # without it Excel takes UTF-8 for something else
    writer.writerow(columns)
    for number, row in enumerate(rows, 1):
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row])
        if number % LINES_AT_ONCE == 0:
            yield lines.getvalue().encode()
            lines = io.StringIO(newline="")
            writer = csv.writer(lines, quoting=csv.QUOTE_NONNUMERIC)
    yield lines.getvalue().encode()


def _meals(owner: User) -> Iterator[Sequence[Cell]]:
    """A line for each portion; a meal without any has one line all the same."""
    own = owner.meals.annotate(own=FilteredRelation("portions", condition=Q(portions__owner=F("owner"))))
    lines = own.order_by("eaten_at", "pk", "own__pk").values_list(
        "pk", "eaten_at", "category", "title", "own__edible__name", "own__amount", "own__unit", "notes", "time_guessed"
    )
    meals = groupby(lines.iterator(), key=itemgetter(0))
    for number, (_pk, lines_of_meal) in enumerate(meals, 1):
        for _same_pk, eaten_at, category, title, edible, amount, unit, notes, guessed in lines_of_meal:
            plain = None if amount is None else Decimal(f"{amount.normalize():f}")  # 1.5, never 1.500
            moment = _moment(eaten_at, owner.zone)
            yield (number, *moment, category, title, edible, plain, unit, notes, _yes(guessed))


def _wellbeing(owner: User) -> Iterator[Sequence[Cell]]:
    rows = (
        owner.entries.filter(category__owner=owner)
        .order_by("recorded_at", "pk")
        .values_list("recorded_at", "category__name", "option__label", "option__value", "notes", "time_guessed")
    )
    for recorded_at, category, option, value, notes, guessed in rows.iterator():
        yield (*_moment(recorded_at, owner.zone), category, option, value, notes, _yes(guessed))


def _yes(guessed: bool) -> str:
    return "yes" if guessed else ""


def _edibles(owner: User) -> Iterator[Sequence[Cell]]:
    """A line for each ingredient; an edible without any has one line all the same."""
    in_order = owner.edibles.order_by("search_key", "pk", "ingredients__search_key")
    yield from in_order.values_list("name", "ingredients__name", "notes").iterator()


def _moment(moment: datetime, zone: ZoneInfo) -> tuple[str, str, str]:
    """Date and time on the person's own clock, as every spreadsheet reads them, and what tells 2:30 from 2:30."""
    local = moment.astimezone(zone)
    offset = f"{local:%z}"
    # No sign may begin a cell, so it is UTC+01:00.
    return f"{local:%Y-%m-%d}", f"{local:%H:%M:%S}", f"UTC{offset[:3]}:{offset[3:5]}"
