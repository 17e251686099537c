from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from apps.archive.problems import Fault
from apps.portability.formats import times

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("21:05", time(21, 5)),
        ("9:03", time(9, 3)),
        ("9:05:07", time(9, 5, 7)),
        ("9:51 AM", time(9, 51)),
        ("9:51pm", time(21, 51)),
        ("9:51\N{NARROW NO-BREAK SPACE}PM", time(21, 51)),
        ("9:51 p.m.", time(21, 51)),
        ("12:00 AM", time(0)),
        ("12:30 PM", time(12, 30)),
        ("  ", None),
    ],
)
def test_a_time_is_read_as_people_write_it(text: str, expected: time | None) -> None:
    assert times.clock(text) == expected


@pytest.mark.parametrize("text", ["24:00", "9:60", "13:00 PM", "0:15 AM", "9", "noon", "9:5", "\u0669:\u0660\u0665"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(Fault):
        times.clock(text)


def test_a_day_is_read_as_iso() -> None:
    assert times.day(" 2026-03-01 ") == date(2026, 3, 1)


@pytest.mark.parametrize("text", ["", "03/01/2026", "2026-02-30", "20260301", "2026-3-1", "2026-W09-7"])
def test_any_other_day_is_refused(text: str) -> None:
    with pytest.raises(Fault):
        times.day(text)


def test_a_time_that_spring_leaves_out_is_moved_on() -> None:
    moved = times.instant(date(2026, 3, 29), time(2, 30), BERLIN)
    assert moved.astimezone(BERLIN).time() == time(3, 30)


def test_of_a_time_that_autumn_has_twice_the_first_is_meant() -> None:
    assert times.instant(date(2026, 10, 25), time(2, 30), BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("year", [1, 1899, 2100, 9999])
def test_a_year_outside_every_diary_is_refused(year: int) -> None:
    with pytest.raises(Fault, match="outside 1900 to 2099"):
        times.instant(date(year, 6, 1), time(12), BERLIN)
