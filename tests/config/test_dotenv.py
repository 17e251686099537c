"""`.env` as people write it: what can be understood counts, and anything else stops the start."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from config import env
from config.dotenv import parse

SECRET = "hunter2-" * 8
Write = Callable[[str], None]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write `.env`. The environment itself is empty."""
    monkeypatch.setattr(env, "BASE_DIR", tmp_path)
    monkeypatch.setattr(os, "environ", {})

    def write(text: str) -> None:
        (tmp_path / ".env").write_bytes(text.encode())

    return write


def begin() -> None:
    env.start("prod")
    env.load(building=False)


def stop() -> str:
    with pytest.raises(SystemExit) as stopped:
        begin()
    return str(stopped.value)


@pytest.mark.parametrize(
    "line",
    [
        "BACKUP_KEY=s3cret",
        "BACKUP_KEY = s3cret",
        "BACKUP_KEY= s3cret ",
        "  BACKUP_KEY\t=\ts3cret",
        "BACKUP_KEY\u00a0=\u00a0s3cret",
        "\ufeffBACKUP_KEY=s3cret",
        "export BACKUP_KEY=s3cret",
        "export  BACKUP_KEY = 's3cret'",
        'BACKUP_KEY="s3cret"',
        'BACKUP_KEY = "s3cret"  # from the safe',
        "# BACKUP_KEY=other\r\nBACKUP_KEY=s3cret\r\n",
        "BACKUP_KEY=other\n\n   # comment\nBACKUP_KEY=s3cret",
    ],
)
def test_lines_may_be_written_in_many_ways(line: str) -> None:
    assert parse(line) == {"BACKUP_KEY": "s3cret"}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("", ""),
        ("''", ""),
        ("a#b", "a#b"),
        ("'a # b'", "a # b"),
        ('"a \\"b\\" c"', 'a "b" c'),
        ('"a\\\\b"', "a\\b"),
        ("a=b==", "a=b=="),
        ("FoodMood <a@b.example>", "FoodMood <a@b.example>"),
        ("it's", "it's"),
        ("a\\b$c", "a\\b$c"),
        ("'ü\u2028ä'", None),
    ],
)
def test_values_are_taken_as_written(written: str, value: str | None) -> None:
    if value is None:
        with pytest.raises(ValueError, match="line 1 holds a control character"):
            parse(f"NAME={written}")
    else:
        assert parse(f"NAME={written}") == {"NAME": value}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f"DJANGO_SECRET_KEY: {SECRET}", "is not NAME=value"),
        (f"DJANGO_SECRET_KEY {SECRET}", "is not NAME=value"),
        (f"set DJANGO_SECRET_KEY={SECRET}", "is not NAME=value"),
        (f"DJANGO-SECRET-KEY={SECRET}", "is not NAME=value"),
        (SECRET, "is not NAME=value"),
        (f'DJANGO_SECRET_KEY="{SECRET}', "has a quote that isn't closed"),
        (f"DJANGO_SECRET_KEY='{SECRET}'{SECRET}", "something after the closing quote"),
        (f"DJANGO_SECRET_KEY=“{SECRET}”", "typographic quotes"),
        (f"DJANGO_SECRET_KEY={SECRET} # mine", "has a # after its value"),
        (f"DJANGO_SECRET_KEY={SECRET}\x00", "holds a control character"),
    ],
)
def test_unclear_line_stops_without_its_content(write: Write, line: str, reason: str, tmp_path: Path) -> None:
    write(f"# first\nDJANGO_SIGNUP=closed\n{line}\n")
    message = stop()
    assert f"{tmp_path}/.env can't be understood" in message
    assert "line 3 " in message
    assert reason in message
    assert "hunter2" not in message


def test_every_unclear_line_is_named(write: Write) -> None:
    write("a\nB=c\nd\n")
    message = stop()
    assert "line 1 " in message
    assert "line 3 " in message


def test_environment_wins_over_the_file(write: Write) -> None:
    os.environ["DJANGO_SIGNUP"] = "invite"
    write("DJANGO_SIGNUP = closed\nLOG_LEVEL = ERROR\n")
    env.start("dev")
    values = env.load(building=False)
    assert (values["DJANGO_SIGNUP"], values["LOG_LEVEL"]) == ("invite", "ERROR")


def test_misspelt_name_in_the_file_stops_development_too(write: Write) -> None:
    write("DJANGO_ENV=dev\nDJANGO_SINGUP=closed\n")
    assert "DJANGO_SINGUP is set, but FoodMood doesn't read it. Is it DJANGO_SIGNUP, misspelt?" in stop()
