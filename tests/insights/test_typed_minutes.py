"""Cronometer's times are those of typing: how somebody types must not decide how many ratings can be used."""

import io
import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from apps.archive.writer import write_archive
from apps.portability.formats.cronometer import read_servings
from apps.portability.formats.daylio import read_log, read_moods

BERLIN = ZoneInfo("Europe/Berlin")
FIRST, DAYS = date(2026, 6, 1), 60
MEALS = (("Breakfast", 8, ("Oats", "Milk", "Banana", "Coffee")), ("Dinner", 19, ("Pasta", "Tomato", "Basil", "Oil")))


def servings(apart: int) -> bytes:
    """On every second day rows are typed so many minutes apart, on the others all at once."""
    rows = [
        f"{FIRST + timedelta(days=day)},{hour}:{place * apart * (day % 2):02d},{group},{food},1.00 serving"
        for day in range(DAYS)
        for group, hour, foods in MEALS
        for place, food in enumerate(foods[: 3 if day % 3 == 0 else 4])
    ]
    return "\n".join(["Day,Time,Group,Food Name,Amount", *rows]).encode()


def moods() -> bytes:
    rows = [
        f"{FIRST + timedelta(days=day)},{hour}:00,{('bad', 'meh', 'good')[(day * day + hour) % 3]}"
        for day in range(DAYS)
        for hour in (11, 22)
    ]
    return "\n".join(["full_date,time,mood", *rows]).encode()


def analysed(data: bytes, folder: Path) -> dict[str, int]:
    """The most ratings that can be used in each window, by the window."""
    eaten = read_servings(data, zone=BERLIN).reading
    felt = read_moods(read_log(moods(), zone=BERLIN), zone=BERLIN, mapping={"bad": 2, "meh": 3, "good": 4})
    assert eaten
    file = folder / "diary.json"
    archive = replace(eaten.archive, categories=felt.archive.categories, entries=felt.archive.entries)
    file.write_bytes(write_archive(archive))
    out = io.StringIO()
    call_command("analyse", str(file), format="json", stdout=out)
    usable: dict[str, int] = {}
    for pattern in json.loads(out.getvalue())["outcomes"][0]["patterns"]:
        window = "{}-{}".format(*pattern["window_hours"])
        usable[window] = max(usable.get(window, 0), pattern["with"] + pattern["without"])
    return usable


@pytest.mark.parametrize("apart", [1, 3, 9])
def test_minutes_between_rows_cost_no_ratings(tmp_path: Path, apart: int) -> None:
    assert analysed(servings(apart), tmp_path) == analysed(servings(0), tmp_path)
    assert analysed(servings(apart), tmp_path)["0-4"] == 2 * DAYS


def test_rows_without_times_judge_no_short_windows(tmp_path: Path) -> None:
    header, *rows = servings(0).decode().splitlines()
    untimed = [",".join((day, "", *rest)) for day, _time, *rest in (row.split(",") for row in rows)]
    usable = analysed("\n".join([header, *untimed]).encode(), tmp_path)
    assert "0-4" not in usable
    assert usable["12-24"] > DAYS
