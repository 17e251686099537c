"""Log files: many processes, many days, a full disk."""

import logging
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from foodmood.telemetry import handlers
from foodmood.telemetry.handlers import DailyFile


def record(text: str) -> logging.LogRecord:
    return logging.LogRecord("test", logging.INFO, __file__, 1, text, (), None)


def at(day: date, monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> "Clock":
            return cls(day.year, day.month, day.day, tzinfo=tz or UTC)

    monkeypatch.setattr(handlers, "datetime", Clock)


def test_each_day_has_its_file_and_old_ones_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "another.log").touch()
    file = DailyFile(tmp_path, keep_days=2)
    for day in (1, 2, 3, 4):
        at(date(2026, 3, day), monkeypatch)
        file.emit(record(f"of day {day}"))
    file.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "another.log",
        "foodmood-2026-03-02.log",
        "foodmood-2026-03-03.log",
        "foodmood-2026-03-04.log",
    ]
    assert (tmp_path / "foodmood-2026-03-04.log").read_text() == "of day 4\n"


def test_many_processes_write_at_once_and_no_line_is_torn(tmp_path: Path) -> None:
    script = (
        "import logging, sys; from pathlib import Path; from foodmood.telemetry.handlers import DailyFile;"
        "file = DailyFile(Path(sys.argv[1]), 9); name = sys.argv[2];"
        "[file.emit(logging.LogRecord('test', 20, '', 1, name * 3000, (), None)) for _ in range(200)]"
    )
    writers = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path), name]) for name in "abcd"]  # noqa: S603 -- our own
    assert [writer.wait() for writer in writers] == [0] * 4
    lines = [line for path in tmp_path.iterdir() for line in path.read_text().splitlines()]
    assert len(lines) == 800
    assert set(lines) == {name * 3000 for name in "abcd"}


def test_a_disk_that_is_full_raises_nothing_and_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file, write = DailyFile(tmp_path, keep_days=1), os.write

    def full(*_: Any) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    for _ in range(3):
        file.handle(record("lost"))
    assert capsys.readouterr().err.count("No space left on device. Lines are lost until it can") == 1
    monkeypatch.setattr(os, "write", write)
    file.handle(record("there is room again"))
    monkeypatch.setattr(os, "write", full)
    file.handle(record("lost"))
    assert capsys.readouterr().err.count("No space left") == 1
    file.close()
