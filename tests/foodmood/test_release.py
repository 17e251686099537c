"""`manage.py release`: one at a time, patient with a database that starts, clear about what failed."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from config.env import BASE_DIR
from tests.config.test_gunicorn import ENVIRONMENT, free_port
from tests.foodmood.processes import PYTHON, Site, new_site, until

pytestmark = pytest.mark.django_db

MIGRATION = """
import time
from pathlib import Path
from django.db import migrations, models

def act(apps, schema_editor):
    {act}

class Migration(migrations.Migration):
    dependencies = [("meals", "{before}")]
    operations = [
        migrations.AddField("meal", "{name}", models.TextField(null=True)),
        migrations.RunPython(act, migrations.RunPython.noop),
    ]
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A released site, whose migrations of meals may go on in a folder of its own."""
    source = BASE_DIR / "apps/meals/migrations"
    (tmp_path / "planted").mkdir()
    for path in source.glob("*.py"):
        (tmp_path / "planted" / path.name).write_text(path.read_text())
    (tmp_path / "planted_settings.py").write_text(
        "from tests.settings import *\nMIGRATION_MODULES = {'meals': 'planted'}\n"
    )
    with new_site(tmp_path, DJANGO_SETTINGS_MODULE="planted_settings", PYTHONPATH=str(tmp_path)) as site:
        yield site


def plant(site: Site, name: str, act: str) -> str:
    """Add a migration to meals, and return its full name."""
    folder = site.folder / "planted"
    before = max(path.stem for path in folder.glob("0*.py"))
    text = MIGRATION.format(act=act, before=before, name=name)
    full = f"{int(before[:4]) + 1:04}_{name}"
    (folder / f"{full}.py").write_text(text)
    return full


def start(site: Site) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603 -- our own command
        [*PYTHON, "release"],
        cwd=BASE_DIR,
        env=site.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_failing_migration_is_named_and_leaves_what_was_before_it(site: Site) -> None:
    good = plant(site, "good", "pass")
    bad = plant(site, "bad", "raise ValueError('no such meal')")
    release = start(site)
    _said, problem = release.communicate(timeout=120)
    assert release.returncode != 0
    assert f"Migration meals.{bad} failed: ValueError: no such meal. Nothing of it stays" in problem
    assert "Traceback" not in problem
    applied = site.manage("showmigrations", "meals")
    assert f"[X] {good}" in applied
    assert f"[ ] {bad}" in applied
    (site.folder / f"planted/{bad}.py").unlink()
    plant(site, "bad", "pass")
    site.manage("release")  # its column can be added: it was not there


def test_of_two_at_once_one_waits_and_both_end_well(site: Site) -> None:
    wait = f"""
    Path({str(site.folder)!r}, "begun").touch()
    while not Path({str(site.folder)!r}, "go").exists(): time.sleep(0.05)
    """.strip()
    plant(site, "slow", wait)
    first = start(site)
    until((site.folder / "begun").exists, "the first to migrate")
    second = start(site)
    assert second.stderr is not None
    assert "Another release is at work" in second.stderr.readline()
    (site.folder / "go").touch()
    said = [release.communicate(timeout=120)[0] for release in (first, second)]
    assert (first.returncode, second.returncode) == (0, 0)
    assert [len(re.findall(r"Applying meals", each)) for each in said] == [1, 0]


@pytest.mark.parametrize("command", ["release", "qcluster"])
def test_it_waits_for_its_database_and_says_what_it_waits_for(command: str, tmp_path: Path) -> None:
    environment = {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": f"postgres://food:hunter2@127.0.0.1:{free_port()}/foodmood",
        "DATABASE_WAIT": "1",
    }
    done = subprocess.run(  # noqa: S603 -- our own command
        [*PYTHON, command], cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "Trying again for 1 s" in done.stdout + done.stderr  # the worker is a server: its log goes to stdout
    assert re.search("CommandError: The PostgreSQL database foodmood .* can't be reached", done.stderr)
    assert "Traceback" not in done.stderr
    assert "hunter2" not in done.stderr


def release_in_production(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 -- our own command
        [*PYTHON, "release"],
        cwd=BASE_DIR,
        env=ENVIRONMENT | {"DATABASE_URL": f"sqlite:///{folder}/site.sqlite3"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_unsafe_settings_are_refused_before_anything_changes(tmp_path: Path) -> None:
    (tmp_path / "unsafe_settings.py").write_text("from config.settings import *\nSESSION_COOKIE_SECURE = False\n")
    done = release_in_production(tmp_path, DJANGO_SETTINGS_MODULE="unsafe_settings", PYTHONPATH=str(tmp_path))
    assert done.returncode != 0
    assert "The settings are unsafe, so nothing was released" in done.stderr
    assert "(security.W012) SESSION_COOKIE_SECURE is not set to True" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "site.sqlite3").exists()


def test_what_the_operator_chose_is_told_and_released(tmp_path: Path) -> None:
    done = release_in_production(tmp_path, DJANGO_SSL_REDIRECT="0", DJANGO_HSTS_SECONDS="0")
    assert done.returncode == 0
    assert "security.W008" in done.stderr
    assert "security.W004" in done.stderr
    assert (tmp_path / "site.sqlite3").exists()


def test_plain_http_is_released_with_a_warning(tmp_path: Path) -> None:
    done = release_in_production(tmp_path, DJANGO_HTTPS="0")
    assert done.returncode == 0
    assert "security.W012" in done.stderr


@pytest.mark.parametrize("command", ["release", "qcluster"])
def test_without_its_database_neither_begins(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = f"foodmood.management.commands.{command}"
    monkeypatch.setattr(f"{module}.wait_until_reachable", lambda: "The database is away.")
    with pytest.raises(CommandError, match="The database is away"):
        call_command(command)
