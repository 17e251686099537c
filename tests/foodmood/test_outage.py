"""A database that is away for a moment is a 503 with a page, wherever it is missed; a fault of ours stays a 500."""

import logging
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, ProgrammingError, connection
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import User
from foodmood.outage import is_outage
from tests.factories import PortionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def alices(alices: Client) -> Client:
    alices.raise_request_exception = False
    return alices


def failing(error: Exception) -> Callable[..., Any]:
    def fails(*args: Any, **kwargs: Any) -> None:
        raise error

    return fails


def away(*_args: Any, **_kwargs: Any) -> None:
    raise OperationalError("server closed the connection unexpectedly\n\tThis probably means …")


def fails_to_save_sessions(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
    if sql.startswith('UPDATE "django_session"'):
        away()
    return execute(sql, *arguments)


def test_a_page_says_when_to_come_again(alices: Client) -> None:
    with connection.execute_wrapper(away):
        answer = alices.get("/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    page = answer.content.decode()
    assert "Your diary is safe" in page
    assert "css/foodmood.css" in page


def test_it_is_as_private_as_any_page(alices: Client) -> None:
    with connection.execute_wrapper(away):
        answer = alices.get("/")
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Content-Security-Policy" in answer.headers


def test_it_speaks_the_visitors_language(settings: Settings) -> None:
    client = Client(raise_request_exception=False, headers={"Accept-Language": "de"})
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    with connection.execute_wrapper(away):
        answer = client.get("/accounts/login/")
    assert answer.status_code == 503
    assert '<html lang="de">' in answer.content.decode()


def test_a_fragment_is_a_notice_that_leaves_the_form_alone(alices: Client) -> None:
    with connection.execute_wrapper(away):
        answer = alices.post("/day/2026-03-01/meal/", headers={"HX-Request": "true"})
    assert answer.status_code == 503
    assert answer.headers["HX-Retarget"] == "#notice"
    assert 'role="alert"' in answer.content.decode()
    assert "<html" not in answer.content.decode()


@pytest.mark.parametrize(
    "error", [OperationalError("canceling statement due to lock timeout"), InterfaceError("closed")]
)
def test_a_view_that_fails_on_it_is_no_fault_of_ours(
    alices: Client, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr("apps.journal.views.timeline", failing(error))
    assert alices.get("/").status_code == 503


def test_a_query_of_a_template_fails_likewise(alices: Client, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    PortionFactory.create(meal__owner=alice)
    monkeypatch.setattr("apps.meals.models.Meal.__str__", away)
    assert alices.get("/meals/").status_code == 503


def test_a_session_that_cant_be_saved_is_no_answer(alices: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.accounts.middleware.LastSeen.SECONDS", -1)  # so that the session has news to save
    with connection.execute_wrapper(fails_to_save_sessions):
        assert alices.get("/").status_code == 503


def test_the_log_has_one_line_without_a_stack(
    alices: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.journal.views.timeline", away)
    with caplog.at_level(logging.ERROR):
        alices.get("/")
    (line,) = caplog.records
    assert line.getMessage() == "The database can't be used: server closed the connection unexpectedly."
    assert line.exc_info is None


def test_a_missing_table_is_a_fault_of_ours(alices: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def asks(*_args: Any, **_kwargs: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM no_such_table")

    monkeypatch.setattr("apps.journal.views.timeline", asks)
    answer = alices.get("/")
    assert answer.status_code == 500
    assert "our fault, not yours" in answer.content.decode()


def test_so_is_a_query_that_makes_no_sense(alices: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.journal.views.timeline", failing(ProgrammingError("syntax error")))
    assert alices.get("/").status_code == 500


def test_what_pythons_own_sqlite_module_says_is_a_fault_of_ours() -> None:
    error = OperationalError("Could not decode to UTF-8")
    error.__cause__ = sqlite3.OperationalError("Could not decode to UTF-8")
    assert not is_outage(error)
