from zoneinfo import ZoneInfo

import pytest

from apps.portability.formats.cronometer import read_servings
from apps.portability.formats.daylio import read_log
from apps.portability.formats.sources import SourceKeys

BERLIN, TOKYO = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo")
SERVINGS = """Day,Time,Group,Food Name,Amount
2026-03-01,8:30 AM,Breakfast,Oats,{amount}
2026-03-01,8:30 AM,Breakfast,Milk,1 cup
2026-03-01,8:30 AM,Breakfast,Oats,2 cup
"""
MOODS = """full_date,date,weekday,time,mood,activities,note
2026-03-01,March 1,Sunday,9:05 PM,{mood},"",""
2026-03-01,March 1,Sunday,9:05 PM,good,"",""
2026-03-02,March 2,Monday,9:05 PM,good,"",""
"""


def of_servings(amount: str = "1 cup", zone: ZoneInfo = BERLIN) -> list[str]:
    reading = read_servings(SERVINGS.format(amount=amount).encode(), zone=zone).reading
    assert reading
    return [portion.source for meal in reading.archive.meals for portion in meal.portions]


def of_moods(mood: str = "tired", zone: ZoneInfo = BERLIN) -> list[str]:
    return [each.source for each in read_log(MOODS.format(mood=mood).encode(), zone=zone).logged]


def test_each_row_of_a_file_has_its_own_key() -> None:
    assert len(set(of_servings())) == len(set(of_moods())) == 3


def test_zone_and_corrected_values_keep_keys() -> None:
    assert of_servings(amount="3 cup", zone=TOKYO) == of_servings()
    assert of_moods(mood="awful", zone=TOKYO) == of_moods()


@pytest.mark.parametrize(
    ("written", "rewritten"),
    [("2026-03-01,8:30 AM", "3/1/2026,08:30:00"), ("2026-03-01,8:30 AM", "01.03.2026,8.30")],
)
def test_resaving_in_a_spreadsheet_keeps_keys(written: str, rewritten: str) -> None:
    resaved = (SERVINGS + "2026-03-14,9:00,Lunch,Soup,1\n").replace(written, rewritten)
    resaved = resaved.replace("2026-03-14", "3/14/2026" if "/" in rewritten else "14.03.2026")
    reading = read_servings(resaved.format(amount="1 cup").encode(), zone=BERLIN).reading
    assert reading
    keys = [portion.source for meal in reading.archive.meals for portion in meal.portions]
    assert keys[:3] == of_servings()


def test_values_never_run_into_each_other() -> None:
    assert SourceKeys().next("a", "bc") != SourceKeys().next("ab", "c")


def test_case_and_white_space_keep_keys() -> None:
    assert SourceKeys().next("8:30\u202fAM", " Oats ") == SourceKeys().next("8:30 am", "oats")
