"""The disk for logs and backups is full, while twenty people write."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from config.env import BASE_DIR
from tests.faults.conftest import Trial
from tests.foodmood.processes import PYTHON, Site

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


def test_a_full_disk_costs_neither_a_write_nor_the_backup_before(trial: Trial, disk: Path) -> None:
    logs, backups = disk / "logs", disk / "backups"
    logs.mkdir()
    backups.mkdir()
    on_the_disk = {"LOG_DIR": str(logs), "BACKUP_DIR": str(backups)}
    site = Site(trial.site.folder, trial.site.environment | on_the_disk)
    with site.web() as address, trial.writing(address) as writers:
        assert backup(site).returncode == 0
        good = sorted(backups.iterdir())
        fill(disk / "filler")
        full = time.monotonic()
        writers.go_on()
        failed = backup(site)
        assert failed.returncode != 0
        assert "No space left on device" in failed.stderr
        assert sorted(backups.iterdir()) == good
        (disk / "filler").unlink()
        assert backup(site).returncode == 0
        writers.go_on()
    trial.whole("The disk for logs and backups is full", writers, full)
    assert not writers.seen, writers.last_error
    said = next(trial.site.folder.glob("web.*.log")).read_text()
    assert "Lines are lost until it can" in said


def fill(file: Path) -> None:
    """To the last byte."""
    with suppress(OSError), file.open("wb", buffering=0) as filler:
        while True:
            filler.write(b"." * 1024)


def backup(site: Site) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 -- our own command
        [*PYTHON, "backup"], cwd=BASE_DIR, env=site.environment, capture_output=True, text=True, check=False
    )
