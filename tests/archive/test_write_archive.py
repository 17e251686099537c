import json
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from apps.archive.model import Archive, Edible, Entry, Meal
from apps.archive.reader import read_archive
from apps.archive.writer import write_archive
from tests.archive.diaries import SMALL, archives, milk

BERLIN = ZoneInfo("Europe/Berlin")


def test_the_bytes_are_indented_utf8_in_the_order_of_the_format() -> None:
    text = json.dumps(SMALL, ensure_ascii=False, indent=2) + "\n"
    assert write_archive(read_archive(text.encode())).decode() == text


@pytest.mark.parametrize(
    ("amount", "written"),
    [("8.00", "8"), ("254.500", "254.5"), ("0.001", "0.001"), ("9999999.999", "9999999.999"), ("100", "100")],
)
def test_amounts_are_written_in_their_shortest_form(amount: str, written: str) -> None:
    assert f'"amount": {written},' in write_archive(milk(Decimal(amount))).decode()


def test_no_amount_is_null() -> None:
    assert b'"amount": null' in write_archive(milk())


def test_edibles_and_ingredients_are_sorted_by_name_whatever_the_case() -> None:
    archive = Archive("UTC", (Edible("b", ("C", "a")), Edible("C"), Edible("a")))
    edibles = json.loads(write_archive(archive))["edibles"]
    assert [edible["name"] for edible in edibles] == ["a", "b", "C"]
    assert edibles[1]["ingredients"] == ["a", "C"]


def test_portions_keep_the_order_in_which_they_were_given() -> None:
    archive = milk()
    meal = archive.meals[0]
    swapped = replace(meal, portions=(replace(meal.portions[0], unit="z"), replace(meal.portions[0], unit="a")))
    written = json.loads(write_archive(replace(archive, meals=(swapped,))))
    assert [portion["unit"] for portion in written["meals"][0]["edibles"]] == ["z", "a"]


def test_both_hours_that_autumn_repeats_keep_their_instant_and_order() -> None:
    second = datetime(2026, 10, 25, 2, 10, tzinfo=BERLIN, fold=1)
    first = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)
    meals = tuple(Meal("SNACK", at, ()) for at in (second, first))
    archive = Archive("Europe/Berlin", meals=meals)
    times = [meal["eaten_at"] for meal in json.loads(write_archive(archive))["meals"]]
    assert times == ["2026-10-25T02:30:00+02:00", "2026-10-25T02:10:00+01:00"]
    assert read_archive(write_archive(archive)).meals[1].eaten_at.hour == 1


def test_times_are_told_in_the_archives_zone_with_microseconds_only_where_there_are_some() -> None:
    archive = milk()
    exact = replace(archive.meals[0], eaten_at=archive.meals[0].eaten_at + timedelta(microseconds=5))
    written = json.loads(write_archive(replace(archive, meals=(*archive.meals, exact))))
    times = [meal["eaten_at"] for meal in written["meals"]]
    assert times == ["2026-03-01T08:05:00+01:00", "2026-03-01T08:05:00.000005+01:00"]


def test_a_time_without_a_zone_is_not_guessed() -> None:
    naive = Entry("Mood", "Low", datetime(2026, 3, 1))  # noqa: DTZ001 -- the point of this test
    with pytest.raises(ValueError, match="has no time zone"):
        write_archive(Archive("UTC", entries=(naive,)))


def canonical(archive: Archive) -> tuple[object, ...]:
    """What may not change: everything but the order of what is sorted."""
    return (
        archive.timezone,
        {edible.name: frozenset(edible.ingredients) for edible in archive.edibles},
        Counter(archive.meals),
        {category.name: replace(category, options=()) for category in archive.categories},
        {category.name: frozenset(category.options) for category in archive.categories},
        Counter(archive.entries),
    )


def test_times_that_are_known_bring_no_key() -> None:
    assert b"time_guessed" not in write_archive(read_archive(json.dumps(SMALL).encode()))


@given(archives())
def test_what_was_written_is_read_back_whole(archive: Archive) -> None:
    assert canonical(read_archive(write_archive(archive))) == canonical(archive)


@given(archives())
def test_export_import_export_gives_the_same_bytes(archive: Archive) -> None:
    written = write_archive(archive)
    assert write_archive(read_archive(written)) == written


@given(archives())
def test_the_order_in_which_things_come_does_not_show(archive: Archive) -> None:
    backwards = replace(
        archive,
        edibles=archive.edibles[::-1],
        meals=archive.meals[::-1],
        categories=archive.categories[::-1],
        entries=archive.entries[::-1],
    )
    assert write_archive(backwards) == write_archive(archive)
