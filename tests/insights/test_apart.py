"""The engine runs in a process beside the web's."""

import fcntl
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import User
from apps.insights import rows
from apps.insights.apart import analyse_apart
from apps.insights.engine.analysis import analyse
from apps.insights.rows import diary_in, pack, unpack
from apps.insights.sources import diary_of, rows_of
from config.env import BASE_DIR
from tests.insights.diaries import demo, keep

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _insights_here() -> None:
    """Elsewhere they are computed in the test's own process; not here."""


@pytest.fixture(autouse=True)
def _diary(alice: User) -> None:
    keep(alice, demo(days=5))


def test_another_process_answers_what_this_one_would(alice: User) -> None:
    assert analyse_apart(pack(rows_of(alice))) == analyse(diary_of(alice))


def test_however_few_rows_are_packed_at_once_the_diary_is_the_same(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "AT_ONCE", 2)
    assert diary_in(unpack(pack(rows_of(alice)))) == diary_of(alice)


def test_a_fault_of_the_engine_is_raised_where_the_answer_is_wanted(alice: User) -> None:
    diary = pack(replace(rows_of(alice), portions=[("no moment", "Milk", 0)]))
    with pytest.raises(ValueError, match="isoformat"):
        analyse_apart(diary)


def test_web_processes_load_no_numpy() -> None:
    load = "import config.wsgi, config.urls, sys; from django.urls import get_resolver; get_resolver().url_patterns"
    say = "; sys.exit('numpy' in sys.modules)"
    done = subprocess.run(  # noqa: S603 -- our own
        [sys.executable, "-c", f"from config.env import start; start('test'); {load}{say}"], cwd=BASE_DIR, check=False
    )
    assert done.returncode == 0


def test_broken_process_is_an_error(
    alices: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    is_offered_again(alices, "/insights/")
    [error] = [record.getMessage() for record in caplog.records if record.name == "apps.insights.apart"]
    assert "Insights don't work: the process that computes them ended with status 1" in error


@pytest.mark.parametrize("page", ["/insights/", "/insights/{}/"])
def test_an_analysis_that_needs_too_much_memory_is_offered_again(
    alices: Client, alice: User, settings: Settings, page: str
) -> None:
    path = page.format(alice.categories.earliest("pk").pk)
    most = settings.INSIGHTS_MEMORY
    settings.INSIGHTS_MEMORY = 1024 * 1024  # not even numpy fits in
    is_offered_again(alices, path)
    settings.INSIGHTS_MEMORY = most
    assert alices.get(path).status_code == 200


def test_an_analysis_whose_turn_does_not_come_in_time_is_killed_and_offered_again(
    alices: Client, settings: Settings
) -> None:
    patience = settings.INSIGHTS_SECONDS
    settings.INSIGHTS_SECONDS = 1
    with Path(settings.INSIGHTS_LOCK).open() as another:
        fcntl.flock(another, fcntl.LOCK_EX)
        is_offered_again(alices, "/insights/")
    settings.INSIGHTS_SECONDS = patience
    assert alices.get("/insights/").status_code == 200


def is_offered_again(browser: Client, path: str) -> None:
    answer = browser.get(path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "try again in a minute" in answer.content.decode()
