"""Names that nobody reads are reported before they do harm."""

from pathlib import Path

import pytest
from pytest_django import Settings

from config.env import load, notices
from foodmood.startup import report_environment
from tests.config.test_environment import GOOD, complaint


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DJANGO_SINGUP", "DJANGO_SIGNUP"),
        ("DJANGO_SIGNUPS", "DJANGO_SIGNUP"),
        ("DJANGO_SIGNP", "DJANGO_SIGNUP"),
        ("DJANGO_SIGMUP", "DJANGO_SIGNUP"),
        ("django_signup", "DJANGO_SIGNUP"),
        ("DJANGOSIGNUP", "DJANGO_SIGNUP"),
        ("BACKUP_KYE", "BACKUP_KEY"),
        ("BACKUP_KEY_FIEL", "BACKUP_KEY_FILE"),
        ("TRUSTED_PROXIES_COUNT", ""),
        ("TRUSTED_PROXY_COUNTS", "TRUSTED_PROXY_COUNT"),
        ("REDIS_URI", "REDIS_URL"),
        ("FOODMOOD_VERSION", ""),
        ("SPORT", ""),
        ("DJANGO_SUPERUSER_EMAIL", ""),
    ],
)
def test_name_one_edit_away_stops_production(name: str, meant: str) -> None:
    if meant:
        message = complaint(**{name: "hunter2"})
        assert f"{name} is set, but FoodMood doesn't read it. Is it {meant}, misspelt?" in message
        assert "hunter2" not in message
        assert message.count(f" {name} ") == 1
    else:
        assert load(GOOD | {name: "hunter2"}, building=False)


def test_both_spellings_are_no_mistake() -> None:
    assert load(GOOD | {"DATABASE_URI": "postgres://elsewhere/other"}, building=False)


def test_shell_of_a_developer_is_not_judged() -> None:
    assert load({"DJANGO_ENV": "dev", "DJANGO_SINGUP": "closed", "REDIS_URI": "redis://other"}, building=False)
    assert notices("dev", {"EMAIL_HOST": "mail.example.org"}) == []


@pytest.mark.parametrize(
    ("name", "notice"),
    [
        ("EMAIL_HOST", "EMAIL_HOST is set, but FoodMood doesn't read it: set EMAIL_URL."),
        ("SIGNUP", ""),
        ("SECRET_KEY", "SECRET_KEY is set, but FoodMood doesn't read it: set DJANGO_SECRET_KEY."),
        ("DJANGO_DATABASE_URL", "DJANGO_DATABASE_URL is set, but FoodMood doesn't read it: set DATABASE_URL."),
        ("DJANGO_DEBUG", "DJANGO_DEBUG is set, but FoodMood doesn't read it: set DJANGO_ENV."),
        ("BACKUP_TARGET", "BACKUP_TARGET is set, but FoodMood doesn't read it."),
        ("DJANGO_SUPERUSER_PASSWORD", ""),
    ],
)
def test_names_of_other_projects_are_noticed(name: str, notice: str) -> None:
    assert notices("prod", GOOD | {"EMAIL_URL": "smtp://mail", name: "x"}) == ([notice] if notice else [])


def test_refused_start_tells_the_notices_too() -> None:
    message = complaint(DJANGO_SECRET_KEY="", SECRET_KEY="x")
    assert "SECRET_KEY is set, but FoodMood doesn't read it: set DJANGO_SECRET_KEY." in message


def test_backups_without_a_key_are_noticed(tmp_path: Path) -> None:
    told = "Backups are not encrypted: set BACKUP_KEY."
    assert notices("prod", GOOD | {"BACKUP_DIR": str(tmp_path)}) == [told]
    assert notices("prod", GOOD | {"BACKUP_S3_BUCKET": "b", "BACKUP_KEY": " "}) == [told]
    assert notices("prod", GOOD | {"BACKUP_DIR": str(tmp_path), "BACKUP_KEY_FILE": "/run/key"}) == []


def test_empty_secret_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("\n")
    message = complaint(BACKUP_KEY_FILE=str(tmp_path / "key"))
    assert f"BACKUP_KEY is empty in {tmp_path}/key, which BACKUP_KEY_FILE names" in message


def test_secret_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"\xef\xbb\xbf" + GOOD["DJANGO_SECRET_KEY"].encode())
    values = load(GOOD | {"DJANGO_SECRET_KEY": "", "DJANGO_SECRET_KEY_FILE": str(tmp_path / "key")}, building=False)
    assert values["DJANGO_SECRET_KEY"] == GOOD["DJANGO_SECRET_KEY"]


def test_notices_are_in_the_log(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.ENVIRONMENT_NOTICES = ["EMAIL_HOST is set."]
    report_environment()
    assert "EMAIL_HOST is set." in caplog.text
