"""What Sentry is told of a request; that it is told no secrets shows test_secrets.py."""

import logging
import subprocess
import sys
from typing import Any

import pytest
from django.db import OperationalError, ProgrammingError, connection
from django.test import Client

from apps.accounts.models import User
from config.env import BASE_DIR
from foodmood.telemetry.people import hash_of
from tests.foodmood.telemetry.telling import Sentry
from tests.foodmood.test_outage import failing

pytestmark = pytest.mark.django_db


def test_a_fault_of_ours_is_an_event_by_the_names_of_the_log(
    sentry: Sentry, alices: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> None:
        secret = "what somebody wrote"
        raise ValueError(secret)

    monkeypatch.setattr("apps.accounts.forms.ProfileForm.is_valid", fails)
    alices.raise_request_exception = False
    answer = alices.post("/account/?q=1", {"time_zone": "Asia/Tokyo"})
    (event,) = sentry.errors
    assert event["tags"] == {"request_id": answer["X-Request-ID"], "method": "POST", "route": "accounts:profile"}
    assert event["transaction"] == "accounts:profile"
    assert event["user"] == {"id": hash_of(alice.pk)}
    assert (event["release"], event["environment"]) == ("1", "test")
    (error,) = event["exception"]["values"]
    assert (error["type"], error["value"]) == ("ValueError", "ValueError")
    assert error["stacktrace"]["frames"][-1]["function"] == "fails"
    assert not [frame for frame in error["stacktrace"]["frames"] if "vars" in frame]
    assert not event.keys() & {"request", "breadcrumbs", "extra", "modules"}


def test_a_request_is_timed_by_its_route_with_queries_that_have_no_values(sentry: Sentry, alices: Client) -> None:
    alices.get("/meals/?q=bread")
    (timed,) = sentry.transactions
    assert timed["transaction"] == "meals:list"
    queries = [span["description"] for span in timed["spans"] if span["op"] == "db"]
    assert any("%s" in query for query in queries)
    assert "bread" not in sentry.text


@pytest.mark.parametrize("path", ["/health/", "/ready/", "/metrics", "/static/css/base.css"])
def test_probes_and_static_files_are_not_timed(sentry: Sentry, client: Client, path: str) -> None:
    client.get(path)
    assert sentry.transactions == []


def test_an_error_in_the_log_is_an_event_and_what_strangers_do_is_none(sentry: Sentry) -> None:
    logging.getLogger("foodmood.test").error("Mail %d was set aside.", 7)
    logging.getLogger("django.security.RequestDataTooBig").error("too big")
    logging.getLogger("foodmood.test").warning("no error")
    (event,) = sentry.errors
    assert event["logentry"] == {"formatted": "Mail 7 was set aside."}


def test_without_a_dsn_the_sdk_is_not_even_loaded() -> None:
    code = "import django, sys; django.setup(); import config.urls; sys.exit('sentry_sdk' in sys.modules)"
    done = subprocess.run(  # noqa: S603 -- our own
        [sys.executable, "-c", code],
        cwd=BASE_DIR,
        env={"DJANGO_SETTINGS_MODULE": "tests.settings", "PATH": ""},
        check=False,
    )
    assert done.returncode == 0


def test_a_database_that_is_away_is_one_event_and_what_fails_beside_it_another(sentry: Sentry, alices: Client) -> None:
    alices.raise_request_exception = False
    for error in (OperationalError("is away"), OperationalError("is away"), ProgrammingError("no such column")):
        with connection.execute_wrapper(failing(error)):
            assert alices.get("/").status_code == (503 if isinstance(error, OperationalError) else 500)
    assert [event["exception"]["values"][-1]["type"] for event in sentry.errors] == [
        "OperationalError",
        "ProgrammingError",
    ]
