"""A mail at the hour that somebody chose, on days on which their diary is still empty."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.journal.reminders import send_reminders
from foodmood.telemetry.people import hash_of
from tests.factories import EntryFactory, MealFactory, UserFactory
from tests.foodmood.telemetry.telling import Log, logged

pytestmark = pytest.mark.django_db

EIGHT_IN_BERLIN = datetime(2026, 3, 1, 19, 0, tzinfo=UTC)
At = Callable[[datetime], int]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    """How many reminders go out when it is so late."""

    def at(now: datetime) -> int:
        with monkeypatch.context() as patch:
            patch.setattr(timezone, "now", lambda: now)
            return send_reminders()

    return at


@pytest.fixture
def log() -> Iterator[Log]:
    with logged() as log:
        yield log


@pytest.fixture
def reminded(alice: User) -> User:
    """Alice, who wants to be reminded at eight in the evening."""
    alice.remind_at = time(20)
    alice.save()
    return alice


def test_at_the_hour_a_mail_goes_out_and_only_one(reminded: User, at: At) -> None:
    assert at(EIGHT_IN_BERLIN) == 1
    assert at(EIGHT_IN_BERLIN.replace(minute=5)) == 0
    (message,) = mail.outbox
    assert message.to == ["alice@example.org"]


def test_on_the_next_day_another_goes_out(reminded: User, at: At) -> None:
    assert at(EIGHT_IN_BERLIN) == 1
    assert at(EIGHT_IN_BERLIN.replace(day=2)) == 1


@pytest.mark.parametrize("hour", [18, 21, 22])
def test_not_before_the_hour_and_not_long_after_it(reminded: User, at: At, hour: int) -> None:
    assert at(EIGHT_IN_BERLIN.replace(hour=hour, minute=30)) == 0


def test_shortly_after_midnight_no_hour_of_yesterday_counts(alice: User, at: At) -> None:
    User.objects.update(remind_at=time(23, 50))
    assert at(datetime(2026, 3, 1, 23, 5, tzinfo=UTC)) == 0
    User.objects.update(remind_at=time(0, 0))
    assert at(datetime(2026, 3, 1, 23, 5, tzinfo=UTC)) == 1


def test_an_hour_just_before_midnight_counts_a_little_early(alice: User, at: At) -> None:
    User.objects.update(remind_at=time(23, 59))
    assert at(datetime(2026, 3, 1, 22, 49, tzinfo=UTC)) == 0
    assert at(datetime(2026, 3, 1, 22, 54, tzinfo=UTC)) == 1


def test_who_ate_or_felt_something_today_gets_none(reminded: User, at: At) -> None:
    MealFactory.create(owner=reminded, eaten_at=EIGHT_IN_BERLIN.replace(hour=7))
    assert at(EIGHT_IN_BERLIN) == 0
    EntryFactory.create(
        option__category__owner=UserFactory.create(remind_at=time(20)), recorded_at=EIGHT_IN_BERLIN.replace(hour=7)
    )
    assert at(EIGHT_IN_BERLIN) == 0


def test_the_hour_is_the_persons_own(reminded: User, at: At) -> None:
    User.objects.update(time_zone="Asia/Tokyo")
    assert at(EIGHT_IN_BERLIN) == 0
    assert at(EIGHT_IN_BERLIN.replace(hour=11)) == 1


def test_an_address_that_nobody_verified_gets_none(reminded: User, at: At) -> None:
    EmailAddress.objects.update(verified=False)
    assert at(EIGHT_IN_BERLIN) == 0


def test_a_site_without_mail_sends_none(reminded: User, no_mail: None, at: At) -> None:
    assert at(EIGHT_IN_BERLIN) == 0


def test_an_address_that_no_mail_can_have_stops_nobody_elses(reminded: User, at: At, log: Log) -> None:
    broken = UserFactory.create(email="broken@example.org", remind_at=time(20))
    UserFactory.create(email="carol@example.org", remind_at=time(20))
    for model in (User, EmailAddress):
        model.objects.filter(email=broken.email).update(email="two\nlines@example.org")
    assert at(EIGHT_IN_BERLIN) == 2
    assert sorted(message.to for message in mail.outbox) == [["alice@example.org"], ["carol@example.org"]]
    (line,) = log.of("apps.journal.reminders")
    assert (line["level"], line["user"]) == ("ERROR", hash_of(broken.pk))
    assert "BadHeaderError" in line["exc"]


def test_a_time_zone_that_is_none_here_stops_nobody_elsewhere(reminded: User, at: At, log: Log) -> None:
    for zone in ("Atlantis/Poseidonis", "Zamonia/Atlantis"):
        UserFactory.create(time_zone=zone, remind_at=time(20))
    assert at(EIGHT_IN_BERLIN) == 1
    assert [line["level"] for line in log.of("apps.journal.reminders")] == ["ERROR", "ERROR"]
    assert "Zamonia/Atlantis" in log.text


def test_an_outage_stops_them_for_the_worker_to_try_again(reminded: User, at: At) -> None:
    def away(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        if sql.startswith("UPDATE"):
            raise OperationalError("server closed the connection unexpectedly")
        return execute(sql, *arguments)

    with connection.execute_wrapper(away), pytest.raises(OperationalError):
        at(EIGHT_IN_BERLIN)
    assert at(EIGHT_IN_BERLIN) == 1


def test_those_who_are_not_due_cost_no_query(
    reminded: User, at: At, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    UserFactory.create_batch(5, remind_at=time(9))
    with django_assert_num_queries(2):  # which time zones, and who is due in the one
        assert at(EIGHT_IN_BERLIN.replace(hour=15)) == 0


def test_its_link_ends_them_after_asking_without_a_log_in(reminded: User, at: At) -> None:
    at(EIGHT_IN_BERLIN)
    (unsubscribe,) = re.findall(r"<https?://[^/]+(/\S+)>", mail.outbox[0].extra_headers["List-Unsubscribe"])
    assert unsubscribe in str(mail.outbox[0].body), "there is no link for programs that show no button"
    browser = Client(enforce_csrf_checks=True)
    assert b"End the reminders?" in browser.get(unsubscribe).content
    reminded.refresh_from_db()
    assert reminded.remind_at == time(20)
    one_click = {"List-Unsubscribe": "One-Click"}
    assert b"No more reminders" in browser.post(unsubscribe, one_click).content
    reminded.refresh_from_db()
    assert reminded.remind_at is None


def test_a_link_that_nobody_signed_is_none(client: Client, reminded: User) -> None:
    assert client.post(f"/account/reminders/off/{reminded.pk}/").status_code == 404
    reminded.refresh_from_db()
    assert reminded.remind_at == time(20)


def test_the_hour_is_chosen_under_account(alices: Client, alice: User) -> None:
    alices.post("/account/", {"language": "en", "time_zone": "Europe/Berlin", "remind_at": "20:15"})
    alice.refresh_from_db()
    assert alice.remind_at == time(20, 15)
    assert b'value="8:15 pm"' in alices.get("/account/").content
    alices.post("/account/", {"language": "en", "time_zone": "Europe/Berlin", "remind_at": ""})
    alice.refresh_from_db()
    assert alice.remind_at is None


def test_what_is_no_hour_is_refused(alices: Client, alice: User) -> None:
    answer = alices.post("/account/", {"language": "en", "time_zone": "Europe/Berlin", "remind_at": "25:00"})
    assert answer.status_code == 422
    assert b"Write a time, such as 14:30 or 2:30 pm." in answer.content


def test_a_site_without_mail_offers_no_hour(alices: Client, no_mail: None) -> None:
    assert b"Remind me at" not in alices.get("/account/").content
