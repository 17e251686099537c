"""The cast: alice owns what a test makes, bob is the stranger."""

import time
from collections.abc import Iterator
from types import SimpleNamespace

import hypothesis
import pytest
from allauth.account.internal.flows.login import record_authentication
from django.core.cache import caches
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import Client
from django.utils import translation
from pytest_django import DjangoDbBlocker, Settings

from apps.accounts.middleware import LastSeen
from apps.accounts.models import User
from apps.insights.engine.analysis import analyse
from apps.insights.rows import diary_in, unpack
from tests.factories import UserFactory

# Tests judge what is computed; how fast this machine is at the moment is not their business.
hypothesis.settings.register_profile("foodmood", deadline=None)
hypothesis.settings.load_profile("foodmood")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    if connection.vendor != "postgresql":
        yield
        return
    # What a test writes need not outlive a power cut. And TRUNCATE makes a new file for each table and index: to delete
    # the few rows of a test takes a hundredth of that.
    # The role's own setting, for the database need not be the role's; it holds from the next connection on.
    _ask(
        django_db_blocker,
        f"ALTER ROLE CURRENT_USER IN DATABASE {connection.settings_dict['NAME']} SET synchronous_commit = off",
    )
    connection.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(connection.ops), "sql_flush", _deletes)
        yield
    # PostgreSQL drops no database that a thread of the live server still has open: those are ended first.
    _ask(
        django_db_blocker,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )


def _ask(blocker: DjangoDbBlocker, sql: str) -> None:
    with blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(sql)


def _deletes(operations: BaseDatabaseOperations, style: object, tables: list[str], **_: object) -> list[str]:
    """In place of Django's sql_flush. Keys are checked at the end, so that any order will do."""
    return [f"DELETE FROM {operations.quote_name(table)}" for table in tables]  # noqa: S608 -- names of our own tables


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    """Rate limits count from zero in every test, and nothing is remembered from another."""
    for cache in caches.all(initialized_only=True):
        cache.clear()


@pytest.fixture(autouse=True)
def _insights_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process for each look would take longer than all else; tests/insights/test_apart.py tries that it is one."""
    monkeypatch.setattr("apps.insights.kept.analyse_apart", lambda diary: analyse(diary_in(unpack(diary))))


@pytest.fixture(autouse=True)
def _no_language_stays() -> Iterator[None]:
    """A request activates its language for its thread, which is the test's."""
    with translation.override("en"):
        yield


@pytest.fixture
def alice(db: None) -> User:
    return UserFactory.create(email="alice@example.org")


@pytest.fixture
def bob(db: None) -> User:
    return UserFactory.create(email="bob@example.org")


def sign_in(client: Client, user: User) -> Client:
    """As after a first page, which notes the device: what a test counts is its own page's."""
    client.force_login(user)
    session = client.session
    session[LastSeen.KEY] = [session.session_key, "127.0.0.1", time.time()]
    session.save()
    return client


def confirm(client: Client, user: User) -> Client:
    """As after typing the password once more: downloads and imports are open to this browser."""
    session = client.session
    record_authentication(SimpleNamespace(session=session), user, "password", reauthenticated=True)
    session.save()
    return client


@pytest.fixture
def alices(client: Client, alice: User) -> Client:
    """A browser in which alice is signed in."""
    return sign_in(client, alice)


@pytest.fixture
def bobs(bob: User) -> Client:
    """A browser in which bob is signed in."""
    return sign_in(Client(), bob)


@pytest.fixture
def no_mail(settings: Settings) -> None:
    """The smallest production: nothing is set up that could send mail."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"
    settings.MFA_ALLOW_UNVERIFIED_EMAIL = True
