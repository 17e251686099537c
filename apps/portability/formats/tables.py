"""Bytes of a CSV file → its header and its rows, each with the line of the file on which it starts."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext as _

from apps.archive.encoding import decode_utf8
from apps.archive.problems import Fault, Problems, quoted, shown
from apps.portability.formats.errors import FormatError, Problem, refused
from apps.portability.formats.letters import plain
from apps.portability.formats.notices import Notices

MAX_ROWS = 200_000  # forty portions a day for thirteen years
LONGEST_CELL = 1_000_000  # characters; longer ones come from a quote that is never closed
_SEPARATORS = (",", ";", "\t")
_SEPARATOR_LINE = re.compile(r"\s*\"?sep=", re.IGNORECASE)  # a first line that tells Excel the separator
_HEAD = 65_536  # characters in which the header must end
_MOST_NAMES = 12  # column names told in a message

# The first cell of a row of sums.
_SUMS = """
total totals sum sums subtotal average summe gesamt gesamtsumme gesamtergebnis mittelwert somme moyenne suma promedio
media totale totaal gemiddelde soma razem średnia celkem summa yhteensa toplam итого всего сумма 合計 总计 합계
"""
_TOTALS = {"grand total", *map(plain, _SUMS.split())}
_LONGEST_TOTAL = 20

csv.field_size_limit(LONGEST_CELL)

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
    header_line: int  # 0 where the file has no header and the names are ours

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
        notices: Notices | None = None,
    ) -> Iterator[Row]:
        """Each row's cells of these columns. Ragged rows are noted and left out, rows of sums are counted.

        The columns are there: ask missing() first. Raises FormatError where a column stands twice, where quotes do not
        match, and for a file without rows or with too many.
        """
        places = self._places(columns + optional)
        absent = dict.fromkeys((name for name in optional if name not in places), "")
        notices = notices or Notices()
        count = 0
        for line, cells in _lines(self.data, self.separator):
            if line <= self.header_line or not any(cell.strip() for cell in cells):
                continue
            count += 1
            if count > MAX_ROWS:
                raise _too_many(line)
            if not (found := self._cells(cells, places)):
                problems.add(_ragged(line, len(cells), len(self.header)))
            elif _is_total(cells) or not any(cell.strip() for cell in found.values()):
                notices.add(_("Rows with totals are left out"), line)
            else:
                yield Row(line, found | absent)
        if not count:
            raise refused(_("The file has a header but no rows"), _("export a longer time"))

    def _cells(self, cells: list[str], places: dict[str, int]) -> dict[str, str] | None:
        """None where a separator too many or too few leaves it open which cell is which.

        Spreadsheets write a comma at the end of each line, and leave out blank cells there.
        """
        if any(cell.strip() for cell in cells[len(self.header) :]):
            return None
        if len(cells) <= max(places.values()):
            return None
        return {name: cells[place] for name, place in places.items()}

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
    try:
        for line, cells in _lines(head.encode(), separator):
            return line, cells, separator
    except FormatError:
        pass  # told when the rows are read
    return 1, [], separator


def _lines(data: bytes, separator: str) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of everything but blank lines; raises FormatError at the first broken quote."""
    # newline="" leaves line ends inside quotes alone; utf-8-sig takes a byte order mark away.
    text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", newline="")
    reader = csv.reader(text, delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            is_separator_line = line == 1 and cells and _SEPARATOR_LINE.match(cells[0])
            if not is_separator_line and (len(cells) > 1 or any(cell.strip() for cell in cells)):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error:
        # Strict, since otherwise a quote that is never closed swallows the rest of the file in silence.
        raise refused(
            _("the quotes in this row do not match, or a cell is longer than %(n)d characters")
            % {"n": csv.field_size_limit()},
            _("write a quote inside quotes twice, and close every quote"),
            line,
        ) from None


def _is_total(cells: list[str]) -> bool:
    first = next((cell for cell in cells if cell.strip()), "")
    return not first[0].isdigit() and len(first) <= _LONGEST_TOTAL and plain(first.replace(":", "")) in _TOTALS


def _ragged(line: int, found: int, expected: int) -> Problem:
    return Problem(
        line,
        "",
        _("the row has %(found)d cells, the header %(expected)d") % {"found": found, "expected": expected},
        _("put a cell that holds a separator in quotes, and keep empty cells"),
    )


def _too_many(line: int) -> FormatError:
    return refused(
        _("the file has more than %(n)d rows") % {"n": MAX_ROWS},
        _("export it in several parts and import one after the other"),
        line,
    )
