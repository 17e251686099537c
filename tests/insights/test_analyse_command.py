import json
import math
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.archive.model import Archive
from apps.archive.writer import write_archive
from config.env import BASE_DIR
from tests.insights.diaries import FORBIDDEN, always_together, demo

Saved = Callable[[str, Archive], str]
Run = Callable[..., str]


@pytest.fixture
def saved(tmp_path: Path) -> Saved:
    def save(name: str, archive: Archive) -> str:
        file = tmp_path / name
        file.write_bytes(write_archive(archive))
        return str(file)

    return save


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*arguments: str) -> str:
        call_command("analyse", *arguments)
        return capsys.readouterr().out

    return command


def outcomes(line: str) -> dict[str, Any]:
    return {outcome["category"]: outcome for outcome in json.loads(line)["outcomes"]}


def worth(outcome: dict[str, Any]) -> list[tuple[str, list[int]]]:
    found = [pattern for pattern in outcome["patterns"] if pattern["verdict"] == "worth_a_trial"]
    return [(pattern["edible"], pattern["window_hours"]) for pattern in found]


def numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from numbers(each)
    elif isinstance(value, float):
        yield value


def test_what_acts_in_the_demo_diary_is_found(saved: Saved, run: Run) -> None:
    found = outcomes(run(saved("demo.json", demo()), "--format", "json"))
    assert ("Milk", [4, 12]) in worth(found["Bloating"])
    assert ("Red wine", [12, 24]) in worth(found["Energy"])


def test_there_is_one_json_line_for_each_file_in_order(saved: Saved, run: Run) -> None:
    files = [saved("b.json", demo(days=3)), saved("a.json", demo(days=2))]
    lines = run(*files, "--format", "json").splitlines()
    assert [json.loads(line)["file"] for line in lines] == files


def test_a_pattern_has_every_key_that_is_promised(saved: Saved, run: Run) -> None:
    pattern = outcomes(run(saved("demo.json", demo()), "--format", "json"))["Bloating"]["patterns"][0]
    assert list(pattern) == [
        "edible",
        "window_hours",
        "effect",
        "interval",
        "effect_sd",
        "interval_sd",
        "with",
        "without",
        "p",
        "q",
        "verdict",
        "inseparable_from",
    ]


def test_what_explains_a_pattern_better_is_named(saved: Saved, run: Run) -> None:
    patterns = outcomes(run(saved("demo.json", demo()), "--format", "json"))["Bloating"]["patterns"]
    explained = [pattern["explained_by"] for pattern in patterns if "explained_by" in pattern]
    assert {"edible": "Milk", "window_hours": [4, 12]} in explained


def test_edibles_always_eaten_together_are_named_with_each_other(saved: Saved, run: Run) -> None:
    mood = outcomes(run(saved("together.json", always_together()), "--format", "json"))["Mood"]
    bread = next(pattern for pattern in mood["patterns"] if pattern["edible"] == "Bread")
    assert "Butter" in bread["inseparable_from"]


def test_too_little_data_says_what_is_missing(saved: Saved, run: Run) -> None:
    mood = outcomes(run(saved("short.json", demo(days=5)), "--format", "json"))["Mood"]
    assert mood["verdict"] == "too_little_data"
    assert mood["needed"]["days"] > 0


def test_numbers_are_short_and_finite(saved: Saved, run: Run) -> None:
    found = list(numbers(json.loads(run(saved("demo.json", demo()), "--format", "json"))))
    assert all(math.isfinite(number) and number == float(f"{number:.4g}") for number in found)


def test_the_same_diary_gives_the_same_line(saved: Saved, run: Run) -> None:
    file = saved("demo.json", demo())
    assert run(file, "--format", "json") == run(file, "--format", "json")


def test_names_are_written_as_they_are(saved: Saved, run: Run) -> None:
    assert "Béchamel" in run(saved("demo.json", demo()), "--format", "json")


def test_text_gives_interval_and_counts_with_every_estimate(saved: Saved, run: Run) -> None:
    lines = [line for line in run(saved("demo.json", demo())).splitlines() if "after eating: about" in line]
    assert lines
    assert all("(95 %: " in line and " with, " in line and " without" in line for line in lines)


def test_text_says_what_is_missing(saved: Saved, run: Run) -> None:
    assert "more days" in run(saved("short.json", demo(days=5)), "--format", "text")


@pytest.mark.parametrize("days", [5, 120])
def test_text_never_says_more_than_a_diary_can(saved: Saved, run: Run, days: int) -> None:
    text = run(saved("demo.json", demo(days))).lower()
    assert not [word for word in FORBIDDEN if word in text]


def test_a_diary_without_categories_is_told_so(saved: Saved, run: Run) -> None:
    assert "Nothing is rated" in run(saved("empty.json", Archive(timezone="UTC")))


def test_a_file_that_cannot_be_read_is_named_after_the_others_were_analysed(
    saved: Saved, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    with pytest.raises(CommandError, match="2 of 3 files"):
        call_command("analyse", str(broken), "/no/such.json", saved("good.json", demo(days=2)), "--format", "json")
    printed = capsys.readouterr()
    assert json.loads(printed.out)["file"].endswith("good.json")
    assert f"{broken} can't be read" in printed.err
    assert "/no/such.json can't be read:\nNo such file or directory" in printed.err


def manage(*arguments: str, **further: Any) -> "subprocess.CompletedProcess[bytes]":
    """The command in a process of its own, with a database that nobody answers for and an ASCII terminal."""
    environment = os.environ | {
        "DJANGO_ENV": "test",
        "DATABASE_URL": "postgres://nobody:nothing@127.0.0.1:1/nowhere",
        "PYTHONIOENCODING": "ascii",
    }
    command = [sys.executable, str(BASE_DIR / "manage.py"), "analyse", *arguments]
    return subprocess.run(command, env=environment, check=False, timeout=60, **further)  # noqa: S603 -- our own


def test_it_needs_no_database_and_reads_the_standard_input() -> None:
    answer = manage("-", "--format", "json", input=write_archive(demo(days=20)), capture_output=True)
    assert (answer.returncode, answer.stderr) == (0, b"")
    assert "Béchamel" in answer.stdout.decode()


def test_a_reader_that_has_seen_enough_gets_no_traceback(saved: Saved) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    answer = manage(saved("demo.json", demo(days=20)), stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert answer.stderr == b""
