"""Limits that are counted hold for forms that arrive at one moment."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.allauth_views import CHALLENGE_SECONDS
from apps.accounts.models import User
from apps.accounts.passkeys import MOST_PASSKEYS
from tests.at_once import at_once
from tests.conftest import sign_in
from tests.isolation import passkey
from tests.isolation.asking import undone
from tests.isolation.diary import ALICE
from tests.isolation.table import EVERYBODY, Row, table

PASSKEY = "/accounts/2fa/webauthn/login/"
AJAX = {"X-Requested-With": "XMLHttpRequest", "Accept": "application/json"}
MOST_SESSIONS = 30


def confirmed(person: User) -> Client:
    """A browser in which the person has just given the password once more."""
    client = sign_in(Client(), person)
    session = client.session
    record_authentication(SimpleNamespace(session=session), person, "password", reauthenticated=True)
    session.save()
    return client


def adding(client: Client, address: str) -> Callable[[], object]:
    return lambda: client.post("/accounts/email/", {"email": address, "action_add": ""})


@pytest.mark.django_db(transaction=True)
def test_parallel_forms_add_three_addresses(alice: User, settings: Settings) -> None:
    browsers = [confirmed(alice) for _ in range(6)]
    raised = at_once([adding(browser, f"alice{n}@example.net") for n, browser in enumerate(browsers)])
    assert raised == [None] * 6
    assert EmailAddress.objects.filter(user=alice).count() == settings.ACCOUNT_MAX_EMAIL_ADDRESSES


@pytest.mark.django_db
def test_one_passkey_too_many_is_refused(alice: User) -> None:
    for number in range(MOST_PASSKEYS):
        data = {"name": f"Key {number}", "credential": passkey.registration()}
        Authenticator.objects.create(user=alice, type=Authenticator.Type.WEBAUTHN, data=data)
    client = confirmed(alice)
    session = client.session
    record_authentication(SimpleNamespace(session=session), alice, "mfa", reauthenticated=True)
    session.save()
    page = client.post("/accounts/2fa/webauthn/add/", {"name": "One more", "credential": "{}"}).content.decode()
    assert f"at most {MOST_PASSKEYS} passkeys" in page


def sessions_after(row: Row, path: str, times: int) -> int:
    for _ in range(times):
        for method in ("GET", "POST"):
            if method in row.answered:
                Client().generic(method, path, b"", headers=AJAX)
                Client().post(path, row.form_of(ALICE)) if method == "POST" else Client().get(path)
    return Session.objects.count()


@pytest.mark.django_db
@pytest.mark.parametrize("row", [row for row in table() if row.methods and row.who is EVERYBODY], ids=str)
def test_a_stranger_makes_few_sessions(row: Row) -> None:
    """From one address, without cookies."""
    with undone():
        if sessions_after(row, row.path(ALICE), 2):
            assert sessions_after(row, row.path(ALICE), 2 * MOST_SESSIONS) <= 2 * MOST_SESSIONS


@pytest.mark.django_db
def test_a_session_for_a_challenge_ends_soon(client: Client) -> None:
    assert client.get(PASSKEY, headers=AJAX).json()["request_options"]
    left = Session.objects.get().expire_date - timezone.now()
    assert left.total_seconds() <= CHALLENGE_SECONDS


@pytest.mark.django_db
def test_a_log_in_outlives_the_challenge(client: Client, alice: User, settings: Settings) -> None:
    client.get(PASSKEY, headers=AJAX)
    client.post("/accounts/login/", {"login": alice.email, "password": "oat-milk-at-noon"})
    assert client.get("/").status_code == 200
    left = Session.objects.get().expire_date - timezone.now()
    assert left.total_seconds() > settings.SESSION_COOKIE_AGE - 60
