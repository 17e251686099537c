"""What people see who can't start it: docs/troubleshooting.md."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config import env
from config.env import BASE_DIR
from tests.config.test_environment import complaint
from tests.config.test_gunicorn import ENVIRONMENT, GUNICORN, free_port

Guide = Callable[[str], None]
PATH = {"PATH": os.environ["PATH"]}


def said(command: list[str], environment: dict[str, str], folder: Path = BASE_DIR) -> str:
    """By a command that has to fail."""
    done = subprocess.run(  # noqa: S603 -- our own commands
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode != 0
    return done.stdout + done.stderr


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.socket() as listener:
        listener.bind(("0.0.0.0", 0))  # noqa: S104 -- as gunicorn does
        listener.listen()
        yield listener.getsockname()[1]


def test_make_says_which_python_it_needs(in_the_guide: Guide, tmp_path: Path) -> None:
    in_the_guide(said(["make", "install", f"VENV={tmp_path}/venv", "PYTHONS=no-such-python"], PATH))


def test_a_python_without_our_packages(in_the_guide: Guide) -> None:
    in_the_guide(said([sys.executable, "-S", "manage.py", "check"], PATH))


def test_a_wrong_environment(in_the_guide: Guide) -> None:
    in_the_guide(said([GUNICORN, "config.wsgi"], ENVIRONMENT))


def test_an_env_file_in_another_encoding(in_the_guide: Guide, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_bytes("DJANGO_SIGNUP=closed # für uns".encode("latin-1"))
    monkeypatch.setattr(env, "BASE_DIR", tmp_path)
    with pytest.raises(SystemExit) as stop:
        env.start("prod")
    in_the_guide(str(stop.value))


def test_unclear_line_in_the_env_file(in_the_guide: Guide, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("DJANGO_SIGNUP: closed\n")
    monkeypatch.setattr(env, "BASE_DIR", tmp_path)
    with pytest.raises(SystemExit) as stop:
        env.start("prod")
    in_the_guide(str(stop.value))


def test_misspelt_name(in_the_guide: Guide) -> None:
    in_the_guide(complaint(DJANGO_SINGUP="closed"))


def test_name_of_another_project(in_the_guide: Guide) -> None:
    in_the_guide("\n".join(env.notices("prod", {"EMAIL_HOST": "mail.example.org"})))


def test_backups_without_a_key(in_the_guide: Guide, tmp_path: Path) -> None:
    in_the_guide("\n".join(env.notices("prod", {"BACKUP_DIR": str(tmp_path)})))


def test_a_secret_given_twice(in_the_guide: Guide, tmp_path: Path) -> None:
    in_the_guide(complaint(DJANGO_SECRET_KEY_FILE=str(tmp_path / "key")))


def test_a_folder_for_logs_that_is_not_there(in_the_guide: Guide, tmp_path: Path) -> None:
    in_the_guide(complaint(LOG_DIR=str(tmp_path / "logs")))


def test_number_that_gunicorn_reads_itself(in_the_guide: Guide) -> None:
    assert "Error: Value must be positive: -1" in said(
        [GUNICORN, "config.wsgi"], ENVIRONMENT | {"WEB_CONCURRENCY": "-1"}
    )
    in_the_guide(said([GUNICORN, "config.wsgi"], ENVIRONMENT | {"WEB_CONCURRENCY": "two"}))


def test_a_port_that_is_taken(in_the_guide: Guide, taken: int, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/foodmood.sqlite3"
    in_the_guide(said([GUNICORN, "config.wsgi"], ENVIRONMENT | {"PORT": str(taken), "DATABASE_URL": database}))


def test_a_port_that_is_taken_in_development(in_the_guide: Guide, taken: int, tmp_path: Path) -> None:
    database = {"DATABASE_URL": f"sqlite:///{tmp_path}/foodmood.sqlite3", "DJANGO_ENV": "dev"}
    command = [sys.executable, "manage.py", "runserver", "--noreload", "--skip-checks", f"0.0.0.0:{taken}"]
    in_the_guide(said(command, PATH | database))


def test_a_database_that_is_not_there(in_the_guide: Guide) -> None:
    nobody = f"postgres://food:mood@127.0.0.1:{free_port()}/foodmood"
    text = said(
        [sys.executable, "manage.py", "release"],
        PATH | {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": nobody, "DATABASE_WAIT": "0"},
    )
    assert re.search("CommandError", text)
    in_the_guide(text)
