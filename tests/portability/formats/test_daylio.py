import base64
import csv
import io
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.archive.model import Entry, Option
from apps.archive.reader import read_archive
from apps.archive.writer import write_archive
from apps.portability.formats import daylio
from apps.portability.formats.errors import FormatError, MappingNeeded
from apps.portability.formats.moods import guess
from apps.portability.formats.report import Reading

BERLIN = ZoneInfo("Europe/Berlin")
MAPPING = {"rad": 5, "good": 4, "meh": 3, "bad": 2, "awful": 1}

OLDEST = "year,date,weekday,time,mood,activities,note\n2017,March 5,Sunday,9:00 PM,good,a | b,hello\n"
OLD = "full_date,date,weekday,time,mood,activities,note\n2017-03-05,March 5,Sunday,21:00,good,a | b,hello\n"
TITLED = (
    "full_date,date,weekday,time,mood,activities,note_title,note\n2017-03-05,March 5,Sunday,9:00 PM,good,a | b,,hello\n"
)
NEWEST = (
    "full_date,date,weekday,time,mood,activities,scales,note_title,note\n"
    "2017-03-05,March 5,Sunday,9:00 PM,good,a | b,Sleep: 8/10 points | Time: 8:00,,hello\n"
)


def read_moods(data: bytes, **how: Any) -> Reading:
    return daylio.read_moods(daylio.read_log(data, zone=BERLIN), zone=BERLIN, **how)


def read(text: str) -> Reading:
    return read_moods(text.encode(), mapping=MAPPING)


def refusal_of(text: str) -> str:
    with pytest.raises(FormatError) as refused:
        read(text)
    return str(refused.value)


def a_day(day: str = "2026-03-01", at: str = "20:39", mood: str = "good", note: str = "", title: str = "") -> str:
    text = io.StringIO()
    csv.writer(text).writerows(
        [("full_date", "time", "mood", "activities", "note_title", "note"), (day, at, mood, "", title, note)]
    )
    return text.getvalue()


def old_date(text: str) -> str:
    return f"year,date,weekday,time,mood,activities,note\n2017,{text},Sunday,9:00 PM,good,,\n"


@pytest.mark.parametrize("layout", [OLDEST, OLD, TITLED, NEWEST])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_every_layout_is_read_with_and_without_a_byte_order_mark(layout: str, mark: str) -> None:
    reading = read(mark + layout)
    assert reading.archive.entries == (Entry("Mood", "Good", datetime(2017, 3, 5, 20, tzinfo=UTC), "hello"),)
    assert reading.report.left_out["activities"] == 2


def test_the_report_counts_what_was_read_filled_and_left_out() -> None:
    report = read(NEWEST + "2017-03-09,,,,bad,,,,\n").report
    assert (report.rows, report.entries, report.blank_times) == (2, 2, 1)
    assert (report.first_day, report.last_day) == (date(2017, 3, 5), date(2017, 3, 9))
    assert report.left_out == {"activities": 2, "scales": 2}


@pytest.mark.parametrize("text", ["March 5", "5 March", "5. Mar", "05.03.", "mar 05"])
def test_a_date_without_its_year_is_read(text: str) -> None:
    assert read(old_date(text)).archive.entries[0].recorded_at.date() == date(2017, 3, 5)


@pytest.mark.parametrize("text", ["3/5", "March", "5 Nonsense", "February 29", "32.01.", ""])
def test_any_other_date_without_its_year_is_refused_naming_the_column(text: str) -> None:
    assert "Line 2, date: " in refusal_of(old_date(text))


def test_a_year_that_is_none_is_refused() -> None:
    assert "Line 2, year: “soon” is not a year" in refusal_of(OLDEST.replace("2017", "soon"))


def test_an_entry_without_a_time_is_put_in_the_evening() -> None:
    (entry,) = read(a_day(at="")).archive.entries
    assert entry.recorded_at == datetime(2026, 3, 1, 19, tzinfo=UTC)
    assert entry.time_guessed


def test_polish_months_of_2017_are_read() -> None:
    text = "year,date,weekday,time,mood,activities,note\n2017,7 września,czwartek,12:10,good,,\n"
    text += "2017,29 sierpnia,wtorek,23:33,bad,,\n"
    days = [f"{entry.recorded_at.astimezone(BERLIN):%Y-%m-%d %H:%M}" for entry in read(text).archive.entries]
    assert days == ["2017-09-07 12:10", "2017-08-29 23:33"]


@pytest.mark.parametrize("layout", [OLD, TITLED, NEWEST])
def test_a_file_without_a_header_is_read(layout: str) -> None:
    reading = read(layout.partition("\n")[2])
    assert [entry.notes for entry in reading.archive.entries] == ["hello"]


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04\x14\0\0\0backup.daylio",
        base64.b64encode(b'{"version":15,"isBiometryAllowed":false,"customMoods":[]}'),
    ],
)
def test_a_backup_says_how_to_export(data: bytes) -> None:
    with pytest.raises(FormatError, match="only Daylio can read: in Daylio choose More → Export entries → CSV"):
        read_moods(data)


def test_days_that_may_be_two_are_asked_about() -> None:
    log = daylio.read_log(a_day(day="11/3/2022").encode(), zone=BERLIN)
    assert [question.name for question in log.questions] == ["dates"]
    log = daylio.read_log(a_day(day="11/3/2022").encode(), zone=BERLIN, answers={"dates": "month-first"})
    assert log.days == {date(2022, 11, 3)}


def test_a_long_note_is_shortened_and_counted() -> None:
    reading = read(a_day(note="x" * 10_001))
    assert reading.archive.entries[0].notes == "x" * 9_999 + "…"
    assert [str(notice) for notice in reading.report.notices] == [
        "Longer than 10000 characters, so it is shortened (1 row: line 2)"
    ]


def test_a_wrong_row_is_left_out_with_its_line() -> None:
    reading = read(a_day() + "2026-03-02,late,good,,,\n")
    assert len(reading.archive.entries) == 1
    assert "Line 3, time: “late” is not a time" in str(reading.report.unread.problems[0])


def test_a_file_without_time_and_date_columns_is_read() -> None:
    reading = read("full_date,weekday,mood,activities,note\n2020-08-31,Montag,good,a,\n")
    assert reading.report.blank_times == 1


def test_the_category_has_every_step_of_the_scale_in_order() -> None:
    (category,) = read(OLD).archive.categories
    assert category.name == "Mood"
    assert category.options[0] == Option("Awful", 1, order=1)
    assert [option.label for option in category.options] == ["Awful", "Bad", "Okay", "Good", "Great"]


def test_a_scale_and_a_category_of_ones_own_are_used() -> None:
    reading = read_moods(OLD.encode(), mapping={"Good": 10}, scale={-10: "Down", 10: "Up"}, category="Spirits")
    assert reading.archive.entries[0].option == "Up"
    assert reading.archive.categories[0].name == "Spirits"


def test_a_value_off_the_scale_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="not on the scale"):
        read_moods(OLD.encode(), mapping={"good": 9})


def test_moods_without_a_value_ask_for_one_with_counts_and_guesses() -> None:
    text = OLD + "2017-03-06,,,,Zen,,\n2017-03-07,,,,zen,,\n"
    with pytest.raises(MappingNeeded) as asked:
        read_moods(text.encode(), mapping={})
    assert asked.value.moods == {"good": 1, "Zen": 2}
    assert asked.value.unmapped == ("good", "Zen")
    assert asked.value.guesses == {"good": 4}
    assert str(asked.value) == "Say what these moods mean on your scale: good, Zen"


def test_problems_of_the_file_are_told_before_moods_are_asked_for() -> None:
    with pytest.raises(FormatError):
        read_moods(a_day(at="late", mood="Zen").encode())


def test_more_moods_than_anyone_has_are_refused() -> None:
    text = "full_date,mood\n" + "".join(f"2026-03-01,mood {i}\n" for i in range(101))
    assert "The file has 101 different moods" in refusal_of(text)


@pytest.mark.parametrize(
    "moods",
    [
        "rad good meh bad awful",
        "Super Gut Ok Schlecht Lausig",
        "genial bien regular mal horrible",
        "génial bien bof mauvais affreux",
        "fantastico bene neutro male pessimo",
        "ótimo bem médio mau péssimo",
        "geweldig goed matig slecht vreselijk",
        "świetnie dobrze średnio źle okropnie",
        "skvěle dobře ujde špatně hrozně",
        "fantastiskt bra sådär dåligt hemskt",
        "отлично хорошо нормально плохо ужасно",
        "harika iyi idare kötü berbat",
    ],
)
def test_the_usual_moods_of_many_languages_are_guessed(moods: str) -> None:
    assert list(guess(moods.split()).values()) == [5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("title", "note", "expected"),
    [
        ("Title", "text", "Title\ntext"),
        ("", "one<br>two<BR/>three", "one\ntwo\nthree"),
        ("", "<p>a <b>bold</b> word</p><p>more</p>", "a bold word\nmore"),
        ("", "Fish &amp; chips&nbsp;&lt;3", "Fish & chips <3"),
        ("", "I <3 you > me", "I <3 you > me"),
        ("", "a\r\nb", "a\nb"),
        ("", "  ", ""),
    ],
)
def test_a_note_becomes_plain_text(title: str, note: str, expected: str) -> None:
    assert read(a_day(title=title, note=note)).archive.entries[0].notes == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (a_day(day="31.2.2026"), "Line 2, full_date: “31.2.2026” is not a day"),
        (a_day(day="2200-01-01"), "Line 2, full_date: the year 2200 is outside"),
        (a_day(at="9 o'clock"), "Line 2, time: “9 o'clock” is not a time"),
        (a_day(mood=" "), "Line 2, mood: is blank"),
        ("Day,Group,Food Name,Amount\n1,2,3,4\n", "This is an export of Cronometer: Servings, not of Daylio"),
        ("full_date,feeling\n1,2\n", "The column mood is missing; found: full_date, feeling"),
    ],
)
def test_what_is_wrong_is_refused_with_its_line_and_column(text: str, said: str) -> None:
    assert said in refusal_of(text)


@given(st.binary())
def test_any_bytes_after_the_header_are_read_or_refused(data: bytes) -> None:
    try:
        read_moods(b"full_date,time,mood,note\n" + data, mapping=MAPPING)
    except (FormatError, MappingNeeded) as error:
        str(error).encode()


days = st.tuples(
    st.dates(date(1901, 1, 1), date(2099, 12, 31)),
    st.times().map(lambda at: f"{at:%H:%M}") | st.just(""),
    st.sampled_from(sorted(MAPPING)),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=20),
)


@given(st.lists(days, min_size=1, max_size=8))
def test_every_entry_arrives_and_the_archive_is_valid(rows: list[tuple[date, str, str, str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([("full_date", "time", "mood", "note"), *rows])
    archive = read(text.getvalue()).archive
    values = {option.label: option.value for option in archive.categories[0].options}
    assert [values[entry.option] for entry in archive.entries] == [MAPPING[row[2]] for row in rows]
    assert len(read_archive(write_archive(archive)).entries) == len(rows)
