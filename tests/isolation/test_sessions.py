"""A session is made here, for one person, and ends when they say so."""

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from apps.accounts.models import User
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

COOKIE = settings.SESSION_COOKIE_NAME
CHOSEN = "a" * 32  # as an attacker would set it


@pytest.fixture(autouse=True)
def _verified(alice: User, bob: User) -> None:
    for user in (alice, bob):
        EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


def log_in(client: Client, user: User) -> None:
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert client.get("/").status_code == 200


def key(client: Client) -> str:
    return client.cookies[COOKIE].value


def test_a_session_id_that_somebody_chose_is_not_adopted(client: Client, alice: User) -> None:
    client.cookies[COOKIE] = CHOSEN
    log_in(client, alice)
    assert key(client) != CHOSEN
    assert not Session.objects.filter(session_key=CHOSEN).exists()


def test_logging_in_changes_the_session_id(client: Client, alice: User) -> None:
    client.get("/accounts/login/")
    session = client.session
    session["before"] = "anything"
    session.save()
    client.cookies[COOKIE] = before = str(session.session_key)
    log_in(client, alice)
    assert key(client) != before
    assert not Session.objects.filter(session_key=before).exists()
    other = Client()
    other.cookies[COOKIE] = before
    assert other.get("/").status_code == 302


def test_who_logs_in_after_another_starts_with_nothing_of_theirs(client: Client, alice: User, bob: User) -> None:
    log_in(client, alice)
    session = client.session
    session["draft"] = "alice's"
    session.save()
    client.post("/accounts/logout/")
    log_in(client, bob)
    assert "draft" not in client.session


def test_logging_out_ends_the_session_for_whoever_has_its_id(client: Client, alice: User) -> None:
    log_in(client, alice)
    thief = Client()
    thief.cookies[COOKIE] = before = key(client)
    assert thief.get("/").status_code == 200
    client.post("/accounts/logout/")
    assert thief.get("/").status_code == 302
    assert not Session.objects.filter(session_key=before).exists()
    assert client.get("/").status_code == 302


def test_a_new_password_ends_the_other_sessions_and_keeps_ones_own(client: Client, alice: User) -> None:
    thief = Client()
    thief.force_login(alice)
    log_in(client, alice)
    new = "rye-bread-at-dawn"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    alice.refresh_from_db()
    assert alice.check_password(new)
    assert thief.get("/").status_code == 302


def test_a_person_who_may_no_longer_log_in_is_out_at_once(alices: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert alices.get("/").status_code == 302


def test_no_script_reads_the_session_cookie_and_no_other_site_sends_it(client: Client, alice: User) -> None:
    log_in(client, alice)
    assert client.cookies[COOKIE]["httponly"]
    assert client.cookies[COOKIE]["samesite"] in {"Lax", "Strict"}
