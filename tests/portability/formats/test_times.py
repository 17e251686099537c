from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from apps.archive.problems import Fault
from apps.portability.formats import times

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("21:05", "21:05:00"),
        ("9:03", "9:03:00"),
        ("9:05:07", "9:05:07"),
        ("9:51 AM", "9:51:00"),
        ("9:51pm", "21:51:00"),
        ("9:51\N{NARROW NO-BREAK SPACE}PM", "21:51:00"),
        ("9:51 p.m.", "21:51:00"),
        ("9 PM", "21:00:00"),
        ("12:00 AM", "0:00:00"),
        ("12:30 PM", "12:30:00"),
        ("9.51", "9:51:00"),
        ("9h51", "9:51:00"),
        ("9:51 Uhr", "9:51:00"),
        ("9:51 vorm.", "9:51:00"),
        ("9:51 nachm.", "21:51:00"),
        ("9:51 a. m.", "9:51:00"),
        ("9:51 odp.", "21:51:00"),
        ("du. 9:51", "21:51:00"),
        ("午後9:51", "21:51:00"),
        ("오전 9:51", "9:51:00"),
        ("9:51 μ.μ.", "21:51:00"),
        ("24:00", "1 day, 0:00:00"),
        ("0.410416667", "9:51:00"),
        ("0,5", "12:00:00"),
    ],
)
def test_a_time_is_read_as_people_write_it(text: str, expected: str) -> None:
    assert str(times.clock(text)) == expected


def test_blank_time_is_none() -> None:
    assert times.clock("  ") is None


@pytest.mark.parametrize(("fractions", "expected"), [(True, "6:00:00"), (False, "0:25:00")])
def test_other_times_decide_what_a_quarter_is(*, fractions: bool, expected: str) -> None:
    assert str(times.clock("0.25", fractions=fractions)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "24:01",
        "25:00",
        "9:60",
        "9:51:60",
        "13:00 PM",
        "0:15 AM",
        "9",
        "noon",
        "9:5",
        "9:51 xm",
        "AM 9:51 PM",
        "\u0669:\u0660\u0665",
    ],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(Fault):
        times.clock(text)


def test_a_time_that_spring_leaves_out_is_moved_on() -> None:
    moved = times.instant(date(2026, 3, 29), timedelta(hours=2, minutes=30), BERLIN)
    assert f"{moved.astimezone(BERLIN):%H:%M}" == "03:30"


def test_24_hours_begin_the_next_day() -> None:
    assert times.instant(date(2026, 3, 1), timedelta(hours=24), BERLIN) == datetime(2026, 3, 1, 23, tzinfo=UTC)


def test_last_day_of_the_calendar_is_refused() -> None:
    with pytest.raises(Fault, match="outside 1900 to 2099"):
        times.instant(date.max, timedelta(hours=24), BERLIN)


def test_of_a_time_that_autumn_has_twice_the_first_is_meant() -> None:
    assert times.instant(date(2026, 10, 25), timedelta(hours=2, minutes=30), BERLIN) == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )


@pytest.mark.parametrize("year", [1, 1899, 2100, 9999])
def test_a_year_outside_every_diary_is_refused(year: int) -> None:
    with pytest.raises(Fault, match="outside 1900 to 2099"):
        times.instant(date(year, 6, 1), timedelta(hours=12), BERLIN)
