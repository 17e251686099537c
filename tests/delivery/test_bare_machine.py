"""A new clone on a machine with Python, make and git, and none of the servers and browsers that some tests use."""

import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config.env import BASE_DIR
from tests.config.test_gunicorn import free_port, get
from tests.foodmood.processes import signal_all, until
from tests.services import program

THERE = ("awk", "env", "git", "grep", "make", "sh", "touch")
# Each of them uses something that is missing there; those of the browser are all in one folder.
NEEDY = (
    "tests/e2e",
    "tests/deploy/test_monitoring.py",
    "tests/foodmood/test_losable.py",
    "tests/locale/test_catalogues.py",
    "tests/tools/test_automation.py",
)
MISSING = ("bash", "browser", "gettext", "promtool", "redis-server", "shellcheck")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What is in the repository, as of now."""
    folder = tmp_path / "clone"
    command = [program("git"), "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=BASE_DIR, check=True, capture_output=True, text=True)  # noqa: S603 -- our own command
    for name in listed.stdout.splitlines():
        if (BASE_DIR / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(BASE_DIR / name, folder / name)
    return folder


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """An environment whose PATH has what is there, and nothing else."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in THERE:
        (programs / name).symlink_to(program(name))
    return {"PATH": str(programs), "HOME": str(tmp_path)}


def make(target: str) -> list[str]:
    """With the packages that these tests run on: to install them again would take a minute and a network."""
    return [program("make"), "--assume-old=requirements/dev.txt", target, f"VENV={Path(sys.executable).parent.parent}"]


def test_make_test_passes_and_names_what_it_skips_for_want_of_what(clone: Path, bare: dict[str, str]) -> None:
    options = " ".join(["--numprocesses=2", *NEEDY])
    done = subprocess.run(  # noqa: S603 -- our own command
        make("test"), cwd=clone, env=bare | {"PYTEST_ADDOPTS": options}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    skipped = re.findall(r"^SKIPPED \[\d+\] \S+ (No .*)$", done.stdout, re.MULTILINE)
    assert [name for name in MISSING if not any(name in reason for reason in skipped)] == []


def test_make_run_shows_the_first_page(clone: Path, bare: dict[str, str]) -> None:
    port = free_port()
    with (clone / "log").open("w") as log:
        process = subprocess.Popen(  # noqa: S603 -- our own command
            make("run"), cwd=clone, env=bare | {"PORT": str(port)}, stdout=log, stderr=log, start_new_session=True
        )
    try:
        until(lambda: _answers(port) or process.poll() is not None, "make run to serve", seconds=300)
        status, _headers, body = get(f"http://127.0.0.1:{port}/accounts/login/")
    finally:
        signal_all(process, signal.SIGKILL)
        process.wait()
    assert (status, "FoodMood" in body) == (200, True), (clone / "log").read_text()


def _answers(port: int) -> bool:
    try:
        return get(f"http://127.0.0.1:{port}/health/")[0] == 200
    except OSError:
        return False
