"""What a line holds, and which lines there are."""

import logging
import re
import sys
import threading
from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.core.management import CommandError, call_command
from django.db import IntegrityError, OperationalError
from django.http.multipartparser import MultiPartParserError
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import User
from foodmood.backups import BackupError
from foodmood.telemetry import uncaught
from foodmood.telemetry.errors import said, stack
from foodmood.telemetry.people import _client_hash, hash_of
from tests.foodmood.telemetry.telling import Log

pytestmark = pytest.mark.django_db

logger = logging.getLogger("foodmood.test")


def only(lines: list[dict[str, Any]]) -> dict[str, Any]:
    assert len(lines) == 1, lines
    return lines[0]


def test_a_request_is_one_line_with_all_that_is_known_of_it(alices: Client, alice: User, log: Log) -> None:
    answer = alices.get("/meals/?q=bread")
    line = only(log.lines)
    assert line.keys() == {
        *("time", "level", "logger", "message", "request_id", "method", "route", "status", "ms", "queries"),
        *("query_ms", "client", "user"),
    }
    assert (line["level"], line["method"], line["route"], line["status"]) == ("INFO", "GET", "meals:list", 200)
    assert line["request_id"] == answer.headers["X-Request-ID"]
    assert line["user"] == hash_of(alice.pk)
    assert line["queries"] > 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line["time"])
    assert re.fullmatch(r"GET meals:list 200 in \d+ ms, \d+ queries in \d+ ms", line["message"])


def clients(log: Log) -> list[str | None]:
    return [line.get("client") for line in log.of("foodmood.telemetry.requests")]


def test_client_is_recognised_without_its_address(client: Client, log: Log, settings: Settings) -> None:
    for address in ("203.0.113.9", "203.0.113.9", "203.0.113.10", "2001:db8::a:1", "2001:db8::b:2", "2001:db8:0:1::1"):
        client.get("/privacy/", REMOTE_ADDR=address)
    first, again, other, household, same_household, next_door = clients(log)
    assert first == again
    assert household == same_household
    assert len({first, other, household, next_door}) == 4
    assert "203.0.113" not in log.text
    settings.SECRET_KEY = "another key"
    _client_hash.cache_clear()
    client.get("/privacy/", REMOTE_ADDR="203.0.113.9")
    assert clients(log)[-1] != first


def test_client_hash_changes_daily() -> None:
    assert _client_hash("203.0.113.9", date(2026, 3, 1)) != _client_hash("203.0.113.9", date(2026, 3, 2))


@pytest.mark.parametrize(("choice", "logged"), [("full", "203.0.113.9"), ("none", None)])
def test_operator_chooses_what_the_log_says(
    choice: str, logged: str | None, client: Client, log: Log, settings: Settings
) -> None:
    settings.LOG_CLIENT_IP = choice
    client.get("/privacy/", REMOTE_ADDR="203.0.113.9")
    assert clients(log) == [logged]


def test_missing_forwarded_address_is_no_fault(client: Client, log: Log, settings: Settings) -> None:
    settings.TRUSTED_PROXY_COUNT = 2
    assert client.get("/privacy/", headers={"X-Forwarded-For": "nobody"}).status_code < 500
    assert clients(log) == [None]


def test_who_asks_is_not_looked_up_for_the_log(alices: Client, log: Log) -> None:
    alices.get("/no/such/page/")
    alices.get("/health/")
    assert only(log.of("foodmood.telemetry.requests")[1:])["queries"] == 0
    assert "user" not in log.lines[-1]


@pytest.mark.parametrize(
    ("path", "level"), [("/privacy/", "INFO"), ("/nothing/", "WARNING"), ("/health/", "DEBUG"), ("/", "INFO")]
)
def test_the_level_says_whether_somebody_should_look(path: str, level: str, client: Client, log: Log) -> None:
    client.get(path)
    assert only(log.lines)["level"] == level


def test_every_line_within_a_request_names_it(client: Client, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaches(_request: object) -> tuple[()]:
        logger.warning("within")
        return ()

    monkeypatch.setattr("foodmood.csp_reports._breaches", breaches)
    answer = client.post("/csp-report/")
    line = only(log.of("foodmood.test"))
    assert (line["request_id"], line["method"], line["route"]) == (answer["X-Request-ID"], "POST", "csp_report")
    logger.warning("outside")
    assert "request_id" not in log.lines[-1]


def test_a_fault_of_ours_is_an_error_with_its_stack_beside_the_request(
    client: Client, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_request: object) -> None:
        raise ValueError("what somebody wrote")

    monkeypatch.setattr("foodmood.csp_reports._breaches", fails)
    client.raise_request_exception = False
    client.post("/csp-report/")
    error, request = log.lines
    assert (error["level"], error["message"]) == ("ERROR", "Internal Server Error: csp_report")
    assert error["exc"].endswith("\nValueError")
    assert 'raise ValueError("what somebody wrote")' in error["exc"], "the line of the source"
    assert (request["status"], request["request_id"]) == (500, error["request_id"])


def test_a_message_of_several_lines_is_one_object_and_forges_no_line(log: Log) -> None:
    logger.warning("one\n2026-01-01T00:00:00 INFO two")
    assert only(log.lines)["message"].startswith("one\n")
    assert log.plain.getvalue().count("\n2026") == 0


def test_a_confirmation_without_its_cookie_is_logged_by_its_route(client: Client, log: Log) -> None:
    client.post("/accounts/signup/", {"email": "carol@example.org", "password1": "rye-bread-at-dusk", "consent": "on"})
    link = re.search(r"http://testserver(/accounts/confirm-email/\S+)", str(mail.outbox[-1].body))
    assert link
    assert Client(enforce_csrf_checks=True).post(link[1]).status_code == 403
    assert "Forbidden (CSRF cookie not set.): account_confirm_email" in log.text
    assert link[1].split("/")[-2] not in log.text


def test_a_request_around_the_proxy_is_one_line_that_says_why(client: Client, settings: Settings, log: Log) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    assert client.post("/accounts/login/", {"login": "a@example.org", "password": "x"}).status_code == 400
    line = only(log.of("django.request"))
    assert line["message"] == "X-Forwarded-For does not hold what TRUSTED_PROXY_COUNT promises: account_login"
    assert line["level"] == "WARNING"
    assert "exc" not in line


def test_an_address_that_is_a_url_keeps_its_host_only(log: Log) -> None:
    logger.warning("asked %s", "https://user:hunter2@example.org/a/path?and=more")
    assert only(log.lines)["message"] == "asked https://example.org/…"


def test_what_the_driver_said_is_told_in_djangos_name(log: Log) -> None:
    told = OperationalError("canceling statement due to statement timeout")
    told.__cause__ = RuntimeError(str(told))
    logger.error("It can't be used: %s.", str(told), exc_info=told)
    assert only(log.lines)["message"] == "It can't be used: canceling statement due to statement timeout."


def test_of_what_the_database_refuses_the_constraint_is_named_and_no_value(alice: User) -> None:
    with pytest.raises(IntegrityError) as refused:
        User.objects.create(email=alice.email)
    assert "user_email" in stack(refused.value)  # which of its two constraints comes first is the database's affair
    assert alice.email not in stack(refused.value)
    assert said(refused.value) in stack(refused.value)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ValueError("secret"), "ValueError"),
        (KeyError("secret"), "KeyError"),
        (FileNotFoundError(2, "secret", "secret"), "No such file or directory"),
        (NameError("name 'x' is not defined"), "name 'x' is not defined"),
        (BackupError("Make room."), "Make room."),
    ],
)
def test_of_an_error_its_message_is_said_only_if_it_can_quote_nobody(error: Exception, text: str, log: Log) -> None:
    def fail() -> None:
        raise error

    try:
        fail()
    except Exception as caught:  # noqa: BLE001 -- each of them
        logger.warning("It failed: %s.", caught)
        logger.warning(f"It failed: {caught}.")  # noqa: G004 -- as libraries do
    assert [line["message"] for line in log.lines] == [f"It failed: {text}."] * 2


def test_what_no_command_caught_is_a_line_too(log: Log) -> None:
    error = ValueError("secret")
    uncaught.log(ValueError, error, error.__traceback__)
    assert only(log.lines)["exc"].endswith("\nValueError")


def test_who_breaks_a_command_off_has_no_line(log: Log) -> None:
    uncaught.log(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert not log.lines


def test_a_thread_that_ends_by_an_exit_has_no_line(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "excepthook", uncaught.log_of_thread)
    thread = threading.Thread(target=sys.exit)
    thread.start()
    thread.join()
    assert not log.lines


@pytest.mark.parametrize("kind", [BadRequest, MultiPartParserError, PermissionDenied, SuspiciousOperation])
def test_outside_of_a_request_nothing_is_a_strangers_fault(kind: type[Exception], log: Log) -> None:
    def command() -> None:
        raise kind("secret")

    with pytest.raises(kind) as raised:
        command()
    uncaught.log(kind, raised.value, raised.tb)
    line = only(log.lines)
    assert line["level"] == "CRITICAL"
    assert "in command\n" in line["exc"]


def test_the_number_of_an_exit_is_not_taken_out_of_others(log: Log) -> None:
    try:
        sys.exit(0)
    except SystemExit:
        logging.getLogger("gunicorn.error").info("Worker exiting (pid: %d)", 30531)
    assert only(log.lines)["message"] == "Worker exiting (pid: 30531)"


def test_what_nothing_in_a_thread_caught_is_a_line_too(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "excepthook", uncaught.log_of_thread)
    thread = threading.Thread(target=int, args=["secret"])
    thread.start()
    thread.join()
    line = only(log.lines)
    assert line["exc"].endswith("\nValueError")
    assert "secret" not in log.text


def test_a_line_that_cannot_be_put_together_says_where_it_stands_and_no_values(capsys: Any) -> None:
    from foodmood.telemetry.handlers import Console
    from foodmood.telemetry.logs import Plain

    handler = Console()
    handler.setFormatter(Plain())
    handler.handle(logging.LogRecord("foodmood.test", logging.INFO, "here.py", 7, "%d of %d", ("secret",), None))
    said = capsys.readouterr().err
    assert "foodmood.test can't be written: here.py:7" in said
    assert "secret" not in said


def test_who_finds_a_person_by_hash_and_a_hash_by_address(alice: User, bob: User, capsys: Any) -> None:
    call_command("who", "Alice@example.org")
    hashed = capsys.readouterr().out.strip()
    call_command("who", hashed)
    assert capsys.readouterr().out == f"{alice.pk}  alice@example.org\n"


def test_who_knows_hashes_of_a_former_key(alice: User, settings: Settings, capsys: Any) -> None:
    hashed = hash_of(alice.pk)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 10
    assert hash_of(alice.pk) != hashed
    call_command("who", hashed)
    assert "alice@example.org" in capsys.readouterr().out


@pytest.mark.parametrize("whom", ["0123456789abcdef", "nobody@example.org"])
def test_who_says_when_there_is_nobody(whom: str, db: None) -> None:
    with pytest.raises(CommandError, match="Nobody has the"):
        call_command("who", whom)
