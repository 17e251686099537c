"""What is in the image, and what is not."""

import re
import subprocess

import pytest

from config.env import BASE_DIR, SECRET, declared
from tests.delivery.docker.images import LABELS, Images

HOME = "srv/foodmood"
OURS = (HOME, "opt/venv")


def test_it_holds_what_git_holds_of_what_serves_and_the_static_files(images: Images) -> None:
    home = images.foodmood.root / HOME
    known = subprocess.run(["git", "ls-files"], cwd=BASE_DIR, capture_output=True, text=True, check=True)  # noqa: S607 -- the developer's
    files = {
        str(file.relative_to(home)) for file in images.foodmood.files(HOME) if file.is_file() and file.suffix != ".pyc"
    }
    made = {file for file in files if file.startswith("var/static/")}
    assert "var/static/staticfiles.json" in made
    assert files - made <= set(known.stdout.splitlines())
    assert {file.partition("/")[0] for file in files} == {
        *("LICENSE", "apps", "config", "foodmood", "gunicorn.conf.py", "locale", "manage.py", "pyproject.toml"),
        *("requirements", "static", "templates", "var"),
    }


@pytest.mark.parametrize("tool", ["gcc", "cc", "c++", "make", "pip", "git", "curl", "psql"])
def test_there_is_no_tool_in_it_that_only_builds_or_only_helps_an_intruder(images: Images, tool: str) -> None:
    assert images.foodmood.run("sh", "-c", f"command -v {tool}").returncode != 0


def test_no_secret_is_in_what_it_is_configured_with(images: Images) -> None:
    secret = {variable.name for variable in declared() if SECRET.search(variable.name)}
    assert secret.isdisjoint(images.foodmood.environment)


def test_what_runs_is_nobody_and_can_change_nothing(images: Images) -> None:
    user, group = map(int, images.foodmood.config["User"].split(":"))
    assert min(user, group) > 0
    for file in (file for file in images.foodmood.files(*OURS) if not file.is_symlink()):
        found = file.stat()
        assert (found.st_uid, found.st_gid, found.st_mode & 0o022) == (0, 0, 0), file
    told = images.foodmood.run("sh", "-c", "id -u; touch manage.py /etc/passwd /opt/venv/new", writable=True)
    assert told.stdout.strip() == str(user)
    assert told.stderr.count("Permission denied") == 3


def test_nothing_in_it_makes_anybody_more_than_they_are(images: Images) -> None:
    raised = [file for file in images.foodmood.files("") if not file.is_symlink() and file.stat().st_mode & 0o6000]
    assert not [file for file in raised if file.is_file()]


def test_it_says_which_version_it_is(images: Images) -> None:
    labels = images.foodmood.config["Labels"]
    named = {name: labels[f"org.opencontainers.image.{name.lower()}"] for name in LABELS}
    assert named == LABELS
    assert images.foodmood.environment["SENTRY_RELEASE"] == LABELS["REVISION"]


def test_gunicorn_itself_is_what_it_runs_and_is_told_to_stop(images: Images) -> None:
    assert images.foodmood.config["Cmd"] == ["gunicorn", "config.wsgi"]
    assert images.foodmood.config.get("StopSignal", "SIGTERM") == "SIGTERM"


def test_everything_of_ours_is_compiled_because_nothing_can_be_written_later(images: Images) -> None:
    sources = [file for file in images.foodmood.files(f"{HOME}/apps", f"{HOME}/foodmood") if file.suffix == ".py"]
    missing = [file for file in sources if not list((file.parent / "__pycache__").glob(f"{file.stem}.cpython-*.pyc"))]
    assert sources
    assert not missing


def test_it_backs_up_the_version_of_postgresql_that_stands_beside_it(images: Images) -> None:
    tool = images.foodmood.run("pg_dump", "--version").stdout
    server = re.search(r"image: postgres:(\d+)", (BASE_DIR / "docker-compose.prod.yml").read_text())
    assert server
    assert f" {server[1]}." in tool
