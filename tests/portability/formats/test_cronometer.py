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
from apps.portability.formats.report import Reading
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


def read(data: bytes, **answers: str) -> Reading:
    reading = read_servings(data, zone=BERLIN, answers=answers).reading
    assert reading
    return reading


def archive_of(*rows: tuple[str, ...], **answers: str) -> Archive:
    return read(csv_of(*rows), **answers).archive


def said_about(*rows: tuple[str, ...]) -> list[str]:
    """What the preview says of these rows and one more that nothing is wrong with."""
    report = read(csv_of(*rows, serving("Fine"))).report
    return [*map(str, report.notices), *map(str, report.unread.problems)]


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


def test_servings_of_one_group_are_one_meal_in_the_files_order() -> None:
    archive = archive_of(serving("Oats"), TEA, serving("Milk"), serving("Oats"))
    assert [[portion.edible for portion in meal.portions] for meal in archive.meals] == [
        ["Oats", "Milk", "Oats"],
        ["Jasmine Tea"],
    ]


@pytest.mark.parametrize(
    ("group", "category", "at"),
    [
        ("Breakfast", "BREAKFAST", "08:00"),
        ("LUNCH", "LUNCH", "12:30"),
        ("Dinner", "DINNER", "19:00"),
        ("Snacks", "SNACK", "16:00"),
        ("Snack", "SNACK", "16:00"),
        ("Drinks", "DRINK", "10:00"),
        ("Frühstück", "BREAKFAST", "08:00"),
        ("PETIT-DEJEUNER", "BREAKFAST", "08:00"),
        ("Desayuno", "BREAKFAST", "08:00"),
        ("Обед", "LUNCH", "12:30"),
        ("夕食", "DINNER", "19:00"),
        ("", "SNACK", "16:00"),
    ],
)
def test_a_serving_without_a_time_is_put_at_its_groups_usual_hour(group: str, category: str, at: str) -> None:
    (meal,) = archive_of(serving(group=group, at=" ")).meals
    assert (meal.category, meal.title, meal.time_guessed) == (category, "", True)
    assert f"{meal.eaten_at.astimezone(BERLIN):%H:%M}" == at


def test_a_serving_without_a_group_gets_the_meal_of_its_time() -> None:
    (meal,) = archive_of(serving(group="", at="13:05")).meals
    assert (meal.category, meal.time_guessed) == ("LUNCH", False)


def test_unknown_groups_are_asked_about_once_each() -> None:
    rows = [serving(group=group) for group in ("Pre-Workout", "Uncategorized", "pre-workout", "Lunch", "Mittagessen")]
    asked = read_servings(csv_of(*rows), zone=BERLIN)
    assert asked.reading is None
    assert [(each.name, each.answer, each.count) for each in asked.questions if each.name.startswith("group:")] == [
        ("group:Pre-Workout", "", 2),
        ("group:Uncategorized", "", 1),
        ("group:Mittagessen", "LUNCH", 1),
    ]


@pytest.mark.parametrize(("answer", "category"), [("DINNER", "DINNER"), ("BY_TIME", "BREAKFAST")])
def test_a_group_becomes_what_the_person_says_and_no_title(answer: str, category: str) -> None:
    (meal,) = archive_of(serving(group="Pre-Workout"), **{"group:Pre-Workout": answer}).meals
    assert (meal.category, meal.title) == (category, "")


def test_an_answer_that_is_no_choice_is_asked_again() -> None:
    answers = {"group:Gym": "BRUNCH"}
    assert read_servings(csv_of(serving(group="Gym")), zone=BERLIN, answers=answers).reading is None


def test_more_groups_than_anyone_has_are_refused() -> None:
    rows = [serving(group=f"Group {number}") for number in range(101)]
    assert "more than 100 different groups" in refusal_of(csv_of(*rows))


def test_rows_within_half_an_hour_are_one_meal() -> None:
    archive = archive_of(
        serving("Eggs", at="9:51"),
        serving("Toast", at="9:52"),
        serving("Butter", at="10:21"),
        serving("Tea", at="10:22"),
    )
    assert [[portion.edible for portion in meal.portions] for meal in archive.meals] == [
        ["Eggs", "Toast", "Butter"],
        ["Tea"],
    ]
    assert [f"{meal.eaten_at.astimezone(BERLIN):%H:%M}" for meal in archive.meals] == ["09:51", "10:22"]
    assert not any(meal.time_guessed for meal in archive.meals)


def test_another_group_or_day_is_another_meal() -> None:
    rows = [serving(), serving(group="Drinks"), serving(day="2026-03-02")]
    assert len(archive_of(*rows).meals) == 3


def test_rows_out_of_order_are_gathered_by_their_times() -> None:
    (meal,) = archive_of(serving("Butter", at="9:55"), serving("Eggs", at="9:51")).meals
    assert f"{meal.eaten_at.astimezone(BERLIN):%H:%M}" == "09:51"
    assert [portion.edible for portion in meal.portions] == ["Butter", "Eggs"]


def test_one_meal_for_each_group_and_day_may_be_chosen() -> None:
    rows = [serving("Nuts", at="9:00", group="Snacks"), serving("Apple", at="16:00", group="Snacks")]
    (meal,) = archive_of(*rows, meals="group-and-day").meals
    assert len(meal.portions) == 2
    assert meal.time_guessed  # one of the two was eaten at another time


def test_rows_without_a_time_join_their_group() -> None:
    rows = [serving("Oats", at="9:51"), serving("Milk", at=""), serving("Nuts", at="11:30")]
    archive = archive_of(*rows)
    assert [[portion.edible for portion in meal.portions] for meal in archive.meals] == [["Oats", "Milk"], ["Nuts"]]
    assert not archive.meals[0].time_guessed


def test_a_file_without_a_time_column_is_read() -> None:
    header = tuple(name for name in HEADER if name != "Time")
    assert read(csv_of(TEA[:1] + TEA[2:], header=header)).report.blank_times == 1


def test_an_amount_of_0_was_not_eaten() -> None:
    reading = read(csv_of(serving("Protein powder", amount="0.00 g"), serving("Soup")))
    assert [edible.name for edible in reading.archive.edibles] == ["Soup"]
    assert len(reading.archive.meals) == 1
    assert "An amount of 0 was not eaten, so it is left out (1 row: line 2)" in map(str, reading.report.notices)


@pytest.mark.parametrize(
    ("day", "at"),
    [
        ("03.11.2022", "09:51:00"),
        ("2022-11-03 00:00:00", "9.51"),
        ("2022-11-03 9:51", ""),
        ("44868", "0.41042"),
        ("44868.41042", ""),
    ],
)
def test_what_a_spreadsheet_saved_again_is_read(day: str, at: str) -> None:
    (meal,) = archive_of(serving(day=day, at=at)).meals
    assert meal.eaten_at == datetime(2022, 11, 3, 8, 51, tzinfo=UTC)
    assert not meal.time_guessed


def test_days_that_may_be_two_are_asked_about() -> None:
    data = csv_of(serving(day="11/3/2022"))
    assert read_servings(data, zone=BERLIN).reading is None
    days = [read(data, dates=answer).report.first_day for answer in ("day-first", "month-first")]
    assert days == [date(2022, 3, 11), date(2022, 11, 3)]


def test_one_clear_day_settles_the_others() -> None:
    report = read(csv_of(serving(day="11/3/2022"), serving(day="11/25/2022"))).report
    assert (report.first_day, report.last_day) == (date(2022, 11, 3), date(2022, 11, 25))


def test_a_unit_column_of_its_own_is_read() -> None:
    header = ("Day", "Group", "Food Name", "Amount", "Unit")
    data = csv_of(
        ("2026-03-01", "Lunch", "Rice", "2.00", "cup"),
        ("2026-03-01", "Lunch", "Peas", "9.00 g", "g"),
        header=header,
    )
    (meal,) = read(data).archive.meals
    assert [portion.unit for portion in meal.portions] == ["cup", "g"]


def test_a_blank_amount_is_no_amount() -> None:
    (meal,) = archive_of(serving(amount="")).meals
    assert meal.portions == (Portion("Oats"),)


def test_foods_that_differ_in_case_and_spaces_alone_are_one_edible_in_its_first_spelling() -> None:
    archive = archive_of(serving("Hass  Avocado "), serving("hass avocado"), serving("HASS AVOCADO"))
    assert [edible.name for edible in archive.edibles] == ["Hass Avocado"]
    assert {portion.edible for portion in archive.meals[0].portions} == {"Hass Avocado"}


def test_the_report_counts_what_was_read_filled_and_left_out() -> None:
    report = read(csv_of(TEA, serving(at="", day="2026-03-04"))).report
    assert (report.rows, report.meals, report.portions, report.edibles, report.entries) == (2, 2, 2, 2, 0)
    assert (report.first_day, report.last_day) == (date(2026, 3, 1), date(2026, 3, 4))
    assert report.blank_times == 1
    assert report.left_out == {"nutrient columns": 2}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (serving(day="soon"), "Line 2, day: “soon” is not a day: write it like 2026-03-01"),
        (serving(day="1850-01-01"), "Line 2, day: the year 1850 is outside 1900 to 2099"),
        (serving(at="25:00"), "Line 2, time: “25:00” is not a time"),
        (serving(" "), "Line 2, food name: is blank"),
    ],
)
def test_a_wrong_row_is_left_out_with_its_line_and_column(row: tuple[str, ...], said: str) -> None:
    assert said in refusal_of(csv_of(row))  # nothing else is in this file
    assert said in said_about(row)[0]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (serving("x" * 201), "Longer than 200 characters, so it is shortened (1 row: line 2)"),
        (serving("\ufdfa" * 200), "Longer than 200 characters, so it is shortened (1 row: line 2)"),
        (serving(amount="1 " + "x" * 81), "Longer than 80 characters, so it is shortened (1 row: line 2)"),
        (serving(amount="0.3333 cup"), "More than 3 decimals, so the amount is rounded (1 row: line 2)"),
        (serving(amount="1.2.3 g"), "(1,500 is 1500 or 1.5), so it is kept as text (1 row: line 2)"),
    ],
)
def test_a_long_or_fine_value_is_imported_and_counted(row: tuple[str, ...], said: str) -> None:
    assert len(archive_of(row).meals) == 1
    assert said in said_about(row)[0]


def test_negative_amount_is_left_out_and_counted() -> None:
    reading = read(csv_of(serving(amount="-1 g")))
    assert not reading.archive.meals
    assert "An amount below 0 can't be eaten, so it is left out (1 row: line 2)" in map(str, reading.report.notices)


def test_control_characters_are_taken_out_of_names() -> None:
    assert archive_of(serving("Oats\x07 bran")).edibles[0].name == "Oats bran"


def test_lines_are_told_up_to_five() -> None:
    assert said_about(*[serving(amount="0 g")] * 7) == [
        "An amount of 0 was not eaten, so it is left out (7 rows: lines 2, 3, 4, 5, 6 and more)"
    ]


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


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"full_date,mood,activities\n", "not of Cronometer: Servings: import it as Daylio"),
        (b"Day,Group,Metric,Unit,Amount\n", "export Cronometer: Servings and import that file"),
        (
            b"FeatureName,Timestamp,Value,Label,Note\n",
            "an export of Track & Graph, not of Cronometer: Servings: FoodMood",
        ),
        (b'[{"foodList": [], "diary": []}]', "This is an export of Waistline"),
        (b'{"version": 1, "trackables": []}', "This is an export of Perfice"),
        (b'{"format": "foodmood", "version": 1}', "import it as FoodMood"),
        (b"PK\x03\x04 [Content_Types].xml", "This is a spreadsheet, not text: save the sheet as CSV"),
        (b"\xd0\xcf\x11\xe0", "This is a spreadsheet, not text"),
        (b"2022-11-03,9:51,Breakfast,Toast,1.00 slice\n", "add Day,Time,Group,Food Name,Amount as its first line"),
    ],
)
def test_a_refusal_says_what_to_do_instead(data: bytes, said: str) -> None:
    refusal = refusal_of(data)
    assert said in refusal
    assert "the other import" not in refusal


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
    archive = archive_of(*rows, **{"group:Late": "DINNER"})
    arrived = Counter((fold(portion.edible), portion.amount) for meal in archive.meals for portion in meal.portions)
    eaten = Counter((fold(row[3]), Decimal(row[4].removesuffix(" g"))) for row in rows)
    assert arrived == Counter({key: count for key, count in eaten.items() if key[1]})
    assert len(read_archive(write_archive(archive)).meals) == len(archive.meals)
