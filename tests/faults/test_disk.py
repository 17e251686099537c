"""The disk for logs and backups is full, while twenty people write."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.env import BASE_DIR
from foodmood.backups.manifest import stamp
from tests.faults.conftest import Trial
from tests.foodmood.processes import PYTHON, Site, until

SIZE = "4m"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small one of its own, which takes root to mount."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    mounted = subprocess.run(mount, capture_output=True, text=True, check=False)  # noqa: S603 -- our own command
    if mounted.returncode:
        pytest.skip(f"No disk can be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S603, S607 -- as above


def test_a_full_disk_for_logs_costs_no_write(trial: Trial, disk: Path) -> None:
    site = on_the_disk(trial, LOG_DIR=str(disk))
    with site.web() as address, trial.writing(address) as writers:
        fill(disk)
        full = time.monotonic()
        writers.go_on()
    trial.whole("The disk for logs is full", writers, full)
    assert not writers.seen, writers.last_error
    said = next(trial.site.folder.glob("web.*.log")).read_text()
    assert "Lines are lost until it can" in said


def test_a_full_disk_for_backups_costs_neither_a_write_nor_the_backup_before(trial: Trial, disk: Path) -> None:
    site = on_the_disk(trial, BACKUP_DIR=str(disk))
    with site.web() as address, trial.writing(address) as writers:
        assert backup(site).returncode == 0
        good = set(disk.iterdir())
        until(lambda: not (disk / f"{stamp(datetime.now(UTC))}.dump").exists(), "another second: another backup")
        filler = fill(disk)
        full = time.monotonic()
        failed = backup(site)
        assert failed.returncode != 0
        assert "No space left on device" in failed.stderr
        assert "Traceback" not in failed.stderr
        filler.unlink()
        assert set(disk.iterdir()) == good
        assert backup(site).returncode == 0
        writers.go_on()
    trial.whole("The disk for backups is full", writers, full)
    assert not writers.seen, writers.last_error


def on_the_disk(trial: Trial, **variables: str) -> Site:
    return replace(trial.site, environment=trial.site.environment | variables)


def fill(disk: Path) -> Path:
    """To the last byte."""
    filler = disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(b"." * 1024)
    return filler


def backup(site: Site) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 -- our own command
        [*PYTHON, "backup"], cwd=BASE_DIR, env=site.environment, capture_output=True, text=True, check=False
    )
