import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.archive.problems import Problems
from apps.portability.formats import tables
from apps.portability.formats.errors import FormatError, Problem
from apps.portability.formats.notices import Notices
from apps.portability.formats.tables import Row, read_table


def rows_of(data: bytes, *columns: str) -> tuple[list[Row], list[str]]:
    problems = Problems[Problem]()
    rows = list(read_table(data).rows(columns, problems))
    return rows, [str(problem) for problem in problems.first]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found_in_the_header(separator: str) -> None:
    data = separator.join(("Day", "Food")) + "\n" + separator.join(("Monday", "Tea"))
    rows, problems = rows_of(data.encode(), "day", "food")
    assert rows == [Row(2, {"day": "Monday", "food": "Tea"})]
    assert not problems


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_row_has_the_line_on_which_it_starts(line_end: str) -> None:
    data = line_end.join(("a,b", '1,"two', 'lines"', "", "2,x", "3,y"))
    rows, _problems = rows_of(data.encode(), "a")
    assert [(row.line, row.cells["a"]) for row in rows] == [(2, "1"), (5, "2"), (6, "3")]


def test_a_byte_order_mark_is_no_part_of_the_first_name() -> None:
    assert read_table("\ufeffDay,Food\nx,y".encode()).header == ("Day", "Food")


def test_column_names_are_found_whatever_their_case_and_the_space_around_them() -> None:
    rows, _problems = rows_of(b" DAY , Food  Name \nx,y", "day", "food name")
    assert rows[0].cells == {"day": "x", "food name": "y"}


def test_an_optional_column_that_is_absent_is_empty() -> None:
    table = read_table(b"a,b\n1,2")
    assert next(table.rows(("a",), Problems(), ("c",))).cells == {"a": "1", "c": ""}


def test_missing_columns_are_named_all_at_once() -> None:
    assert read_table(b"a,b\n1,2").missing(("a", "c", "d")) == ("c", "d")


def test_a_needed_column_that_stands_twice_is_refused() -> None:
    with pytest.raises(FormatError, match="Line 1: the column “A” stands there twice"):
        rows_of(b"a,A\n1,2", "a")


def test_another_column_may_stand_twice() -> None:
    assert rows_of(b"a,b,b\n1,2,3", "a")[0][0].cells == {"a": "1"}


def test_a_ragged_row_is_left_out_with_its_line() -> None:
    rows, problems = rows_of(b"a,b\n1,2\n3\n4,5,6\n7,8", "b")
    assert [problem.partition(":")[0] for problem in problems] == ["Line 3", "Line 4"]
    assert [row.cells["b"] for row in rows] == ["2", "8"]


@pytest.mark.parametrize("data", [b"a,b,\n1,2,\n", b"a,b\n1,2,\n", b"a,b\n1,2,,,\n", b"b,a,c\n2,1\n"])
def test_commas_too_many_or_too_few_at_the_end_do_no_harm(data: bytes) -> None:
    rows, problems = rows_of(data, "a", "b")
    assert [row.cells for row in rows] == [{"a": "1", "b": "2"}]
    assert not problems


@pytest.mark.parametrize("line", [",", " , ", ",,,"])
def test_an_empty_row_is_ignored(line: str) -> None:
    rows, problems = rows_of(f"a,b\n1,2\n{line}\n".encode(), "a")
    assert (len(rows), problems) == (1, [])


@pytest.mark.parametrize("line", ["Total,,500", ",Summe:,500", ",,500", "Grand Total,,"])
def test_a_row_of_sums_is_left_out_and_counted(line: str) -> None:
    notices = Notices()
    rows = list(read_table(f"a,b,c\n1,2,3\n{line}\n".encode()).rows(("a", "b"), Problems(), notices=notices))
    assert len(rows) == 1
    assert [str(notice) for notice in notices.all()] == ["Rows with totals are left out (1 row: line 3)"]


@pytest.mark.parametrize(("mark", "separator"), [("sep=,", ","), ('"sep=;"', ";"), ("sep=;", ";"), ("sep=,,,", ",")])
def test_a_line_that_tells_excel_the_separator_is_ignored(mark: str, separator: str) -> None:
    rows, _problems = rows_of(f"{mark}\na{separator}b\n1{separator}2\n".encode(), "a", "b")
    assert rows == [Row(3, {"a": "1", "b": "2"})]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'a,b\n1,2\n3,"never\nclosed\n', "Line 3: the quotes in this row do not match"),
        (b"a,b\n1," + b"x" * (tables.LONGEST_CELL + 1), "a cell is longer than"),
        (b"a,b\n\n", "The file has a header but no rows: export a longer time"),
        (b"a,b\n,\n", "The file has a header but no rows: export a longer time"),
    ],
)
def test_what_cannot_be_understood_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(FormatError, match=said):
        rows_of(data, "a")


def test_more_rows_than_allowed_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_ROWS", 2)
    with pytest.raises(FormatError, match="Line 4: the file has more than 2 rows"):
        rows_of(b"a\n1\n2\n3\n4", "a")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty"),
        (b"\n\n", "The file is empty"),
        ("Day,Food\nx,Käse".encode("latin-1"), "line 2, column 4 cannot be read: it looks like Latin-1"),
        ("Day,Food".encode("utf-16"), "The file is in UTF-16"),
        (b"\x89PNG\0\0", "NUL bytes"),
        (b"PK\x03\x04", "spreadsheet"),
        (b",,,\n1,2,3,4", "does not begin with a line of column names"),
        (b'"never closed', "does not begin with a line of column names"),
    ],
)
def test_what_is_no_table_is_refused_saying_why(data: bytes, said: str) -> None:
    with pytest.raises(FormatError, match=said):
        read_table(data)


@given(st.binary())
def test_any_bytes_are_a_table_or_refused(data: bytes) -> None:
    try:
        rows_of(data, *read_table(data).header[:1])
    except FormatError as error:
        str(error).encode()
