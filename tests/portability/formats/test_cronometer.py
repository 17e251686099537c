import csv
import io
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.archive.model import Archive, Portion
from apps.archive.reader import read_archive
from apps.archive.writer import write_archive
from apps.portability.formats.cronometer import read_servings
from apps.portability.formats.errors import FormatError
from foodmood.names import fold

HEADER = ("Day", "Time", "Group", "Food Name", "Amount", "Energy (kcal)", "Iron (mg)", "Category")
TEA = ("2026-03-01", "05:17", "Drinks", "Jasmine Tea", "600.00 g", "6.00", "0.12", "Beverages")
BERLIN = ZoneInfo("Europe/Berlin")


def csv_of(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


def serving(
    food: str = "Oats",
    *,
    day: str = "2026-03-01",
    at: str = "08:30",
    group: str = "Breakfast",
    amount: str = "1.00 cup",
) -> tuple[str, ...]:
    return (day, at, group, food, amount, "1.00", "", "Cereals")


def archive_of(*rows: tuple[str, ...]) -> Archive:
    return read_servings(csv_of(*rows), zone=BERLIN).archive


def refusal_of(data: bytes) -> str:
    with pytest.raises(FormatError) as refused:
        read_servings(data, zone=BERLIN)
    return str(refused.value)


def test_a_serving_becomes_a_portion_of_a_meal() -> None:
    (meal,) = archive_of(TEA).meals
    assert meal.category == "DRINK"
    assert meal.title == ""
    assert meal.eaten_at == datetime(2026, 3, 1, 4, 17, tzinfo=UTC)
    assert meal.portions == (Portion("Jasmine Tea", Decimal(600), "g"),)


def test_servings_of_one_day_time_and_group_are_one_meal_in_the_files_order() -> None:
    archive = archive_of(serving("Oats"), TEA, serving("Milk"), serving("Oats"))
    assert [[portion.edible for portion in meal.portions] for meal in archive.meals] == [
        ["Oats", "Milk", "Oats"],
        ["Jasmine Tea"],
    ]


@pytest.mark.parametrize(
    ("group", "category", "title", "at"),
    [
        ("Breakfast", "BREAKFAST", "", "08:00"),
        ("LUNCH", "LUNCH", "", "12:30"),
        ("Dinner", "DINNER", "", "19:00"),
        ("Snacks", "SNACK", "", "16:00"),
        ("Snack", "SNACK", "", "16:00"),
        ("Drinks", "DRINK", "", "10:00"),
        ("After the gym", "SNACK", "After the gym", "12:00"),
        ("", "SNACK", "", "12:00"),
    ],
)
def test_a_serving_without_a_time_is_put_at_its_groups_usual_hour(
    group: str, category: str, title: str, at: str
) -> None:
    (meal,) = archive_of(serving(group=group, at=" ")).meals
    assert (meal.category, meal.title) == (category, title)
    assert f"{meal.eaten_at.astimezone(BERLIN):%H:%M}" == at


def test_a_file_without_a_time_column_is_read() -> None:
    header = tuple(name for name in HEADER if name != "Time")
    reading = read_servings(csv_of(TEA[:1] + TEA[2:], header=header), zone=BERLIN)
    assert reading.report.blank_times == 1


def test_a_unit_column_of_its_own_is_read() -> None:
    header = ("Day", "Group", "Food Name", "Amount", "Unit")
    data = csv_of(
        ("2026-03-01", "Lunch", "Rice", "2.00", "cup"),
        ("2026-03-01", "Lunch", "Peas", "9.00 g", "g"),
        header=header,
    )
    (meal,) = read_servings(data, zone=BERLIN).archive.meals
    assert [portion.unit for portion in meal.portions] == ["cup", "g"]


def test_a_blank_amount_is_no_amount() -> None:
    (meal,) = archive_of(serving(amount="")).meals
    assert meal.portions == (Portion("Oats"),)


def test_foods_that_differ_in_case_and_spaces_alone_are_one_edible_in_its_first_spelling() -> None:
    archive = archive_of(serving("Hass  Avocado "), serving("hass avocado"), serving("HASS AVOCADO"))
    assert [edible.name for edible in archive.edibles] == ["Hass Avocado"]
    assert {portion.edible for portion in archive.meals[0].portions} == {"Hass Avocado"}


def test_the_report_counts_what_was_read_filled_and_left_out() -> None:
    report = read_servings(csv_of(TEA, serving(at="", day="2026-03-04")), zone=BERLIN).report
    assert (report.rows, report.meals, report.portions, report.edibles, report.entries) == (2, 2, 2, 2, 0)
    assert (report.first_day, report.last_day) == (date(2026, 3, 1), date(2026, 3, 4))
    assert report.blank_times == 1
    assert report.left_out == {"nutrient columns": 2}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (serving(day="03/01/2026"), "Line 2, day: “03/01/2026” is not a day: write it like 2026-03-01"),
        (serving(day="1850-01-01"), "Line 2, day: the year 1850 is outside 1900 to 2099"),
        (serving(at="25:00"), "Line 2, time: “25:00” is not a time"),
        (serving(" "), "Line 2, food name: is blank"),
        (serving("x" * 201), "Line 2, food name: has 201 characters"),
        (serving("Oats\x07"), "Line 2, food name: holds the control character U+0007"),
        (serving(amount="-1 g"), "Line 2, amount: “-1” is negative"),
        (serving(amount="1,000 g"), "Line 2, amount: “1,000” may mean a thousand or one"),
        (serving(group="x" * 201), "Line 2, group: has 201 characters"),
    ],
)
def test_a_wrong_cell_is_refused_with_its_line_and_column(row: tuple[str, ...], said: str) -> None:
    assert said in refusal_of(csv_of(row))


def test_all_problems_are_told_at_once_up_to_twenty() -> None:
    refusal = refusal_of(csv_of(*[serving(at="late", day="soon")] * 15))
    assert refusal.count("\n") == 20
    assert refusal.endswith("and at least 10 more")


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Day,Time,Group,Metric,Unit,Amount", "Cronometer: Biometrics"),
        ("full_date,date,weekday,time,mood,activities,note", "Daylio"),
        ("date,weekday,time of day,category,rating/amount,detail,notes", "Bearable"),
        ("Date,Meal,Calories,Fat (g)", "MyFitnessPal: Nutrition Summary"),
    ],
)
def test_another_products_file_is_refused_by_name(header: str, kind: str) -> None:
    assert f"This is an export of {kind}, not of Cronometer: Servings" in refusal_of(f"{header}\n".encode())


def test_missing_columns_are_named_with_those_found() -> None:
    assert "The columns group, food name are missing; found: Day, Amount" in refusal_of(b"Day,Amount\n1,2")


@given(st.binary())
def test_any_bytes_after_the_header_are_read_or_refused(data: bytes) -> None:
    try:
        read_servings(b"Day,Time,Group,Food Name,Amount\n" + data, zone=BERLIN)
    except FormatError as error:
        str(error).encode()


servings = st.builds(
    serving,
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")), min_size=1, max_size=12).filter(
        str.strip
    ),
    day=st.dates(date(1901, 1, 1), date(2099, 12, 31)).map(date.isoformat),
    at=st.times().map(lambda at: f"{at:%H:%M}"),
    group=st.sampled_from(["Breakfast", "Lunch", "Dinner", "Snacks", "Late"]),
    amount=st.decimals(0, 9999, places=2).map(lambda amount: f"{amount:.2f} g"),
)


@given(st.lists(servings, min_size=1, max_size=8))
def test_every_serving_arrives_and_the_archive_is_valid(rows: list[tuple[str, ...]]) -> None:
    archive = archive_of(*rows)
    arrived = Counter((fold(portion.edible), portion.amount) for meal in archive.meals for portion in meal.portions)
    assert arrived == Counter((fold(row[3]), Decimal(row[4].removesuffix(" g"))) for row in rows)
    assert len(read_archive(write_archive(archive)).meals) == len(archive.meals)
