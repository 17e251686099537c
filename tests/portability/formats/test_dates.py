from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.archive.problems import Fault
from apps.portability.formats.dates import Dates, day_and_clock, surveyed
from apps.portability.formats.months import languages_of, month_in
from apps.portability.formats.times import clock

NOVEMBER_3 = date(2022, 11, 3)


@pytest.mark.parametrize(
    "text",
    [
        " 2022-11-03 ",
        "2022/11/3",
        "2022. 11. 03.",
        "03.11.2022",
        "3.11.22",
        "03.11.2022 00:00:00",
        "2022-11-03T00:00:00",
        "44868",
        "3-Nov-22",
        "Nov 3, 2022",
        "3. November 2022",
        "3 de noviembre de 2022",
        "2022年11月3日",
        "2022년 11월 3일",
    ],
)
def test_clear_days_are_read(text: str) -> None:
    assert Dates().day(text) == NOVEMBER_3


@pytest.mark.parametrize(
    "text", ["", "2026-02-30", "20260301", "2026-W09-7", "31.02.2022", "13/13/2022", "soon", "3/11", "1/2/345"]
)
def test_any_other_day_is_refused(text: str) -> None:
    with pytest.raises(Fault, match="is not a day"):
        Dates().day(text)


@pytest.mark.parametrize(("day_first", "expected"), [(True, date(2022, 3, 11)), (False, date(2022, 11, 3))])
def test_order_decides_open_days(*, day_first: bool, expected: date) -> None:
    assert Dates(day_first).day("11/03/2022") == expected


def test_open_day_without_an_order_is_refused() -> None:
    with pytest.raises(Fault, match="may be two different days"):
        Dates().day("11/3/2022")


@pytest.mark.parametrize(
    ("days", "is_open", "day_first"),
    [
        (["11/3/2022"], True, None),
        (["11/3/2022", "25/3/2022"], False, True),
        (["11/3/2022", "3/25/2022"], False, False),
        (["11/3/2022", "3/25/2022", "25/3/2022"], True, None),
        (["3.11.2022", "5/5/2022", "2022-03-04"], False, None),
    ],
)
def test_other_days_settle_the_order(days: list[str], *, is_open: bool, day_first: bool | None) -> None:
    survey = surveyed(days)
    assert survey.is_open == is_open
    if day_first is not None:
        assert survey.dates().day_first == day_first


def test_contradicting_days_keep_their_only_reading() -> None:
    dates = surveyed(["11/3/2022", "3/25/2022", "25/3/2022"]).dates(answer=True)
    assert [dates.day(text) for text in ("11/3/2022", "3/25/2022", "25/3/2022")] == [
        date(2022, 3, 11),
        date(2022, 3, 25),
        date(2022, 3, 25),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022-11-03 09:51", ("2022-11-03", "09:51")),
        ("11/3/2022 9:51:00 AM", ("11/3/2022", "9:51:00 AM")),
        ("11/3/2022 12:00:00 AM", ("11/3/2022", "")),
        ("44868.41042", ("44868", "0.41042")),
        ("44868.0", ("44868", "")),
        ("3. 11. 2022", ("3. 11. 2022", "")),
    ],
)
def test_time_beside_a_day_is_told_apart(text: str, expected: tuple[str, str]) -> None:
    assert day_and_clock(text) == expected


@pytest.mark.parametrize(
    ("text", "month", "day"),
    [
        ("7 września", 9, 7),
        ("29 sierpnia", 8, 29),
        ("7. September", 9, 7),
        ("7. März", 3, 7),
        ("7 de septiembre", 9, 7),
        ("1 août", 8, 1),
        ("7 settembre", 9, 7),
        ("7 сентября", 9, 7),
        ("7 září", 9, 7),
        ("7 eylül", 9, 7),
        ("szeptember 7.", 9, 7),
        ("7 de setembro", 9, 7),
        ("9月7日", 9, 7),
        ("9월 7일", 9, 7),
        ("7 september", 9, 7),
    ],
)
def test_months_of_other_languages_are_read(text: str, month: int, day: int) -> None:
    assert surveyed([text]).dates().day_in(2017, text) == date(2017, month, day)


@pytest.mark.parametrize(("others", "month"), [(["września", "lipca"], 11), (["rujna", "srpnja"], 10)])
def test_other_months_tell_the_language(others: list[str], month: int) -> None:
    assert month_in("listopada", languages_of([*others, "listopada"])) == month


def test_very_long_cell_takes_no_time() -> None:
    text = f"x{' ' * 500_000}y"
    assert day_and_clock(text) == (text, "")
    with pytest.raises(Fault):
        Dates().day(text)


@given(st.text(max_size=40))
def test_any_text_is_a_day_or_refused(text: str) -> None:
    dates = surveyed([text]).dates(answer=True)
    for read in (dates.day, lambda each: dates.day_in(2017, each)):
        with suppress(Fault):
            assert read(text).year > 0


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%Y/%m/%d"]))
def test_any_day_that_is_clear_comes_back(day: date, written: str) -> None:
    assert Dates().day(day.strftime(written)) == day


@pytest.mark.parametrize(("serial", "hours"), [("44868.25", 6), ("44868.5", 12), ("44868,75", 18)])
def test_fraction_of_a_serial_is_part_of_a_day(serial: str, hours: int) -> None:
    assert clock(day_and_clock(serial)[1]) == timedelta(hours=hours)
