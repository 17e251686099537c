"""Production on a platform whose Python needs something of its environment, as Heroku's and Dokku's do."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from config.env import BASE_DIR
from tests.config.test_gunicorn import ENVIRONMENT, gunicorn, prepare
from tests.delivery.browser import Browser
from tests.delivery.every_page import demo_diary, open_every_page

ALICE = "alice@example.org"
HOST = "food.example.org"
FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
LIBRARY = {"LD_LIBRARY_PATH": "/app/.heroku/python/lib"}

DEMANDING = """#!/bin/bash
if [ -z "$LD_LIBRARY_PATH" ]; then
  echo "error while loading shared libraries: libpython3.so: cannot open shared object file" >&2
  exit 127
fi
exec -a "$0" {python} "$@"
"""


@pytest.fixture
def python(tmp_path: Path) -> str:
    """A Python that starts only with LD_LIBRARY_PATH, with the packages of this one."""
    home = tmp_path / "python"
    packages = Path("lib", f"python{sys.version_info.major}.{sys.version_info.minor}", "site-packages")
    for folder in ("bin", packages.parent):
        (home / folder).mkdir(parents=True)
    (home / packages).symlink_to(Path(sys.prefix) / packages)
    (home / "pyvenv.cfg").write_text(f"home = {Path(sys._base_executable).parent}\n")  # type: ignore[attr-defined]  # noqa: SLF001 -- venv's own way
    wrapper = home / "bin" / "python3"
    wrapper.write_text(DEMANDING.format(python=shlex.quote(sys._base_executable)))  # type: ignore[attr-defined]  # noqa: SLF001 -- as above
    wrapper.chmod(0o755)
    return str(wrapper)


@pytest.fixture
def site(tmp_path: Path) -> dict[str, str]:
    """The environment of a prepared site."""
    environment = LIBRARY | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3",
        "TRUSTED_PROXY_COUNT": "1",
        "SECURITY_CONTACT": "mailto:security@example.org",
    }
    prepare(**environment)
    return environment


def browser_at(address: str) -> Browser:
    return Browser(HOST, int(address.rpartition(":")[2]), headers=FORWARDED)


def fill_diary(python: str, folder: Path, environment: dict[str, str]) -> None:
    subprocess.run(  # noqa: S603 -- our own command
        [python, "manage.py", "import_diary", "--user", ALICE, "--format", "foodmood", str(demo_diary(folder))],
        cwd=BASE_DIR,
        env=ENVIRONMENT | environment,
        check=True,
    )


def problems_in(log: Path) -> list[dict[str, str]]:
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    return [line for line in lines if line["level"] in {"ERROR", "CRITICAL"}]


def test_every_page_opens(python: str, site: dict[str, str], tmp_path: Path) -> None:
    with gunicorn(tmp_path / "log", command=(python, "-m", "gunicorn"), **site) as address:
        browser = browser_at(address)
        browser.sign_up(ALICE)
        fill_diary(python, tmp_path, site)
        answers = open_every_page(browser)
    statuses = {route: answer.status for route, answer in answers.items()}
    assert {route: status for route, status in statuses.items() if status not in {200, 302}} == {}
    insights = ("insights/", "insights/<int:pk>/")
    assert [statuses[route] for route in insights] == [200, 200]
    assert problems_in(tmp_path / "log") == []
