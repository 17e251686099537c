"""What was kept for long enough goes, and nothing else."""

from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import Task
from pytest_django import Settings

from apps.accounts.models import User
from apps.accounts.purge import purge
from foodmood.audit.models import Event, SecurityEvent, record
from tests.factories import MealFactory, UserFactory

pytestmark = pytest.mark.django_db


def ago(kept: str, *, more: int) -> datetime:
    """So many days more than what is kept of that name."""
    span: timedelta = settings.RETENTION[kept]
    return timezone.now() - span - timedelta(days=more)


def unconfirmed(*, days_over: int, **fields: object) -> User:
    """Signed up, and has never clicked."""
    user = UserFactory.create(**fields)
    User.objects.filter(pk=user.pk).update(date_joined=ago("unconfirmed_accounts", more=days_over))
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"primary": True, "verified": False})
    return user


def test_expired_sessions_go_and_leave_the_list_of_devices(alice: User) -> None:
    over, alive = Client(), Client()
    for browser in (over, alive):
        browser.force_login(alice)
        key = browser.session.session_key
        UserSession.objects.create(user=alice, ip="203.0.113.7", user_agent="Firefox", session_key=key)
    Session.objects.filter(pk=over.session.session_key).update(expire_date=timezone.now() - timedelta(seconds=1))
    purge()
    assert [session.pk for session in Session.objects.all()] == [alive.session.session_key]
    assert [session.session_key for session in UserSession.objects.all()] == [alive.session.session_key]


def test_an_account_whose_address_was_never_confirmed_goes(db: None) -> None:
    unconfirmed(days_over=1)
    young = unconfirmed(days_over=-1)
    purge()
    assert list(User.objects.all()) == [young]


def test_an_account_that_is_more_than_a_sign_up_stays(db: None) -> None:
    """Confirmed, logged in once, an operator's, made by an operator, or with a diary that was brought in."""
    confirmed = unconfirmed(days_over=1)
    EmailAddress.objects.create(user=confirmed, email="second@example.org", verified=True)
    unconfirmed(days_over=1, last_login=timezone.now())
    unconfirmed(days_over=1, is_staff=True)
    made = unconfirmed(days_over=1)
    EmailAddress.objects.filter(user=made).delete()
    MealFactory.create(owner=unconfirmed(days_over=1))
    before = User.objects.count()
    purge()
    assert User.objects.count() == before


def test_the_logs_of_the_administration_and_of_the_worker_go_when_they_are_old(alice: User) -> None:
    for days_over in (1, -1):
        entry = LogEntry.objects.create(user=alice, action_flag=CHANGE)
        LogEntry.objects.filter(pk=entry.pk).update(action_time=ago("admin_log", more=days_over))
        stopped = ago("task_results", more=days_over)
        Task.objects.create(
            id=str(days_over), name="a", func="b", started=stopped, stopped=stopped, success=days_over > 0
        )
    done = purge()
    assert (LogEntry.objects.count(), Task.objects.count()) == (1, 1)
    assert (done["admin.LogEntry"], done["django_q.Task"]) == (1, 1)


def test_failed_tries_to_log_in_go_when_they_are_old() -> None:
    for days_over in (1, -1):
        tried = AccessAttempt.objects.create(
            username="a", ip_address=f"203.0.113.{2 + days_over}", failures_since_start=1
        )
        AccessAttempt.objects.filter(pk=tried.pk).update(attempt_time=ago("log_in_attempts", more=days_over))
    purge()
    assert AccessAttempt.objects.get().ip_address == "203.0.113.1"


def test_failed_log_ins_of_nobody_go_first(alice: User) -> None:
    for person in (None, alice.pk):
        record(Event.LOGIN_FAILED, request=None, person=person)
    SecurityEvent.objects.update(at=ago("unknown_log_ins", more=1))
    purge()
    assert SecurityEvent.objects.get().person == alice.pk


def test_expired_rows_of_the_cache_go(settings: Settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
    call_command("createcachetable", verbosity=0)
    cache = caches["default"]
    cache.set("over", 1, timeout=-60)
    cache.set("alive", 1, timeout=60)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cache SET expires = %s WHERE cache_key = ':1:over'", [datetime(2020, 1, 1)])  # noqa: DTZ001 -- as on SQLite
    purge()
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache")
        assert cursor.fetchall() == [(":1:alive",)]


def test_the_command_says_how_many_of_what_went(capsys: pytest.CaptureFixture[str]) -> None:
    SessionStore().create()
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    call_command("purge")
    assert "      1  expired sessions" in capsys.readouterr().out


def test_the_worker_does_it_every_day() -> None:
    assert settings.SCHEDULES["purge"]["at"]
    assert import_string(settings.SCHEDULES["purge"]["func"]) is purge
