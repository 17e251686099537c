"""Lines of the log that want something done: docs/troubleshooting.md."""

import logging
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django_q.tasks import async_task

from foodmood.losable import LosableCache
from foodmood.tasks import worker
from foodmood.tasks.brokers import DatabaseBroker
from foodmood.telemetry.handlers import Console, DailyFile
from foodmood.telemetry.logs import Plain
from tests.config.test_gunicorn import free_port
from tests.foodmood.tasks.test_delivery import DOINGS, work
from tests.foodmood.telemetry.telling import logged

Guide = Callable[[str], None]
LINE = logging.LogRecord("foodmood.test", logging.INFO, "here.py", 7, "%d of %d", ("two",), None)


def write(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, error: OSError) -> None:
    """One line, where the system refuses it."""

    def refused(*_arguments: object) -> int:
        raise error

    file = DailyFile(folder, keep_days=1)
    with monkeypatch.context() as refusing:
        refusing.setattr(os, name, refused)
        file.handle(logging.LogRecord("foodmood.test", logging.INFO, "here.py", 7, "a line", (), None))
    file.close()


def test_a_full_disk(
    in_the_guide: Guide, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, monkeypatch, "write", OSError(28, "No space left on device"))
    in_the_guide(capsys.readouterr().err)


def test_a_file_of_somebody_else(
    in_the_guide: Guide, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, monkeypatch, "open", PermissionError(13, "Permission denied"))
    in_the_guide(capsys.readouterr().err)


def test_a_line_that_can_not_be_put_together(in_the_guide: Guide, capsys: pytest.CaptureFixture[str]) -> None:
    handler = Console()
    handler.setFormatter(Plain())
    handler.handle(LINE)
    in_the_guide(capsys.readouterr().err)


def test_redis_that_is_away(in_the_guide: Guide) -> None:
    with logged() as log:
        LosableCache(f"redis://127.0.0.1:{free_port()}/0", {}).get("insights")
    in_the_guide(log.text)


@pytest.mark.django_db(transaction=True)
def test_a_task_that_fails_each_time(in_the_guide: Guide, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "wait_after", lambda _attempt: timedelta())
    queue = DatabaseBroker()
    async_task(f"{DOINGS}.fail", str(tmp_path / "lines"), broker=queue)
    with logged() as log:
        work(queue, monkeypatch)
    in_the_guide(log.text)
