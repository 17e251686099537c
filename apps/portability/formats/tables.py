"""Bytes of a CSV file → its header and its rows, each with the line of the file on which it starts."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext as _

from apps.archive.encoding import decode_utf8
from apps.archive.problems import Fault, Problems, quoted, shown
from apps.portability.formats.errors import Problem, refused

MAX_ROWS = 200_000  # forty portions a day for thirteen years
_SEPARATORS = (",", ";", "\t")
_HEAD = 65_536  # characters in which the header must end
_MOST_NAMES = 12  # column names told in a message

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    cells: dict[str, str]  # by the name in lower case that was asked for; an absent optional column is ""

    def parse(self, column: str, parse: Callable[[str], T], problems: Problems[Problem]) -> T | None:
        """The cell's value, or None once what is wrong with it is noted."""
        try:
            return parse(self.cells[column])
        except Fault as fault:
            problems.add(Problem(self.line, column, fault.what, fault.mend))
            return None


@dataclass(frozen=True, slots=True)
class Table:
    """A header, and rows read from the bytes each time: 57 columns are never held as cells."""

    data: bytes
    separator: str
    header: tuple[str, ...]  # as written, without white space around the names
    header_line: int

    def has(self, *columns: str) -> bool:
        return set(columns) <= {name.casefold() for name in self.header}

    def missing(self, columns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(column for column in columns if not self.has(column))

    def shown_header(self) -> str:
        names = [shown(name) for name in self.header if name]
        more = [_("and %(n)d more") % {"n": len(names) - _MOST_NAMES}] if len(names) > _MOST_NAMES else []
        return ", ".join(names[:_MOST_NAMES] + more)

    def rows(
        self,
        columns: tuple[str, ...],
        problems: Problems[Problem],
        optional: tuple[str, ...] = (),
    ) -> Iterator[Row]:
        """Each row's cells of these columns. Ragged rows and broken quotes are noted and left out.

        The columns are there: ask missing() first. Raises FormatError where one stands twice.
        """
        places = self._places(columns + optional)
        absent = dict.fromkeys((name for name in optional if name not in places), "")
        count = 0
        for line, cells in _lines(self.data, self.separator, problems):
            if line <= self.header_line:
                continue
            if len(cells) != len(self.header):
                problems.add(_ragged(line, len(cells), len(self.header)))
                continue
            count += 1
            if count > MAX_ROWS:
                problems.add(_too_many(line))
                return
            yield Row(line, {name: cells[place] for name, place in places.items()} | absent)
        if not count and not problems.total:
            problems.add(Problem(None, "", _("The file has a header but no rows"), _("export a longer time")))

    def _places(self, columns: tuple[str, ...]) -> dict[str, int]:
        places: dict[str, int] = {}
        for place, name in enumerate(self.header):
            folded = name.casefold()
            if folded in places:
                raise refused(
                    _("the column %(name)s stands there twice") % {"name": quoted(name)},
                    _("keep one of them"),
                    self.header_line,
                )
            if folded in columns:
                places[folded] = place
        return places


def read_table(data: bytes) -> Table:
    """The table in `data`; raises FormatError. Comma, semicolon and tab are told apart by the header."""
    try:
        text = decode_utf8(data)
    except Fault as fault:
        raise refused(fault.what, fault.mend) from None
    head = text[:_HEAD]
    del text
    line, header, separator = max((_header(head, each) for each in _SEPARATORS), key=lambda found: len(found[1]))
    if not any(header):
        raise refused(_("The file does not begin with a line of column names"), _("export it again as CSV"))
    return Table(data, separator, tuple(" ".join(name.split()) for name in header), line)


def _header(head: str, separator: str) -> tuple[int, list[str], str]:
    for line, cells in _lines(head.encode(), separator, Problems()):
        return line, cells, separator
    return 1, [], separator


def _lines(data: bytes, separator: str, problems: Problems[Problem]) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of everything but blank lines; the first broken quote is noted and ends it."""
    # newline="" leaves line ends inside quotes alone; utf-8-sig takes a byte order mark away.
    text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", newline="")
    reader = csv.reader(text, delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            if len(cells) > 1 or any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error:
        # Strict, since otherwise a quote that is never closed swallows the rest of the file in silence.
        problems.add(
            Problem(
                line,
                "",
                _("the quotes in this row do not match, or a cell is longer than %(n)d characters")
                % {"n": csv.field_size_limit()},
                _("write a quote inside quotes twice, and close every quote"),
            )
        )


def _ragged(line: int, found: int, expected: int) -> Problem:
    return Problem(
        line,
        "",
        _("the row has %(found)d cells, the header %(expected)d") % {"found": found, "expected": expected},
        _("put a cell that holds a separator in quotes, and keep empty cells"),
    )


def _too_many(line: int) -> Problem:
    return Problem(
        line,
        "",
        _("the file has more than %(n)d rows") % {"n": MAX_ROWS},
        _("export it in several parts and import one after the other"),
    )
