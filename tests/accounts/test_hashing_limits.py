"""Hashing takes little memory, few hashes run at once, and nobody waits long for a slot."""

import re
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.core import mail
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import User
from foodmood import password_hashing
from tests.accounts.attack import LOGIN, signed_in
from tests.conftest import sign_in
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

NEW = "rye-bread-at-dusk"


@pytest.fixture(autouse=True)
def _argon2(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["foodmood.password_hashing.Argon2Hasher"]
    settings.PASSWORD_HASH_WAIT = 0.05


@pytest.fixture
def owner(alice: User) -> User:
    alice.set_password(PASSWORD)
    alice.save()
    return alice


def every_slot_taken(settings: Settings) -> ExitStack:
    """Until it is closed, every slot of this process is taken."""
    stack = ExitStack()
    for _ in range(settings.PASSWORD_HASHES_AT_ONCE):
        password_hashing._slots.acquire()  # noqa: SLF001 -- what other requests would do
        stack.callback(password_hashing._slots.release)  # noqa: SLF001 -- as above
    return stack


def memory_of(encoded: str) -> int:
    return int(re.findall(r"m=(\d+)", encoded)[0])


def reset_link(client: Client, owner: User) -> str:
    client.post("/accounts/password/reset/", {"email": owner.email})
    link = re.search(r"http://testserver(\S+)", str(mail.outbox[-1].body))
    assert link
    return client.get(link[1], follow=True).redirect_chain[-1][0]


def reauthenticate(client: Client, owner: User) -> Any:
    return sign_in(client, owner).post("/accounts/reauthenticate/", {"password": PASSWORD})


def change(client: Client, owner: User) -> Any:
    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    return sign_in(client, owner).post("/accounts/password/change/", form)


DOORS: dict[str, Callable[[Client, User], Any]] = {
    "log in": lambda client, owner: client.post(LOGIN, {"login": owner.email, "password": PASSWORD}),
    "log in without an account": lambda client, _owner: client.post(LOGIN, {"login": "x@y.org", "password": PASSWORD}),
    "sign up": lambda client, _owner: client.post(
        "/accounts/signup/", {"email": "new@y.org", "password1": NEW, "consent": "on"}
    ),
    "reauthenticate": reauthenticate,
    "change the password": change,
}


def test_a_hash_takes_19_mib() -> None:
    assert memory_of(make_password(PASSWORD)) == 19 * 1024


def test_log_in_upgrades_an_older_hash(client: Client, alice: User) -> None:
    alice.password = Argon2PasswordHasher().encode(PASSWORD, "a-salt-of-enough-letters")
    alice.save()
    assert memory_of(alice.password) > 100_000
    client.post(LOGIN, {"login": alice.email, "password": PASSWORD})
    assert signed_in(client)
    alice.refresh_from_db()
    assert memory_of(alice.password) == 19 * 1024


@pytest.mark.parametrize("door", DOORS)
def test_a_busy_site_answers_503(client: Client, owner: User, settings: Settings, door: str) -> None:
    before = owner.password, User.objects.count()
    with every_slot_taken(settings):
        answer = DOORS[door](client, owner)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "Wait a few seconds" in answer.content.decode()
    owner.refresh_from_db()
    assert (owner.password, User.objects.count()) == before
    assert DOORS[door](client, owner).status_code in {200, 302}, "it works once a slot is free"


def test_a_busy_reset_keeps_its_link(client: Client, owner: User, settings: Settings) -> None:
    form = reset_link(client, owner)
    with every_slot_taken(settings):
        assert client.post(form, {"password1": NEW, "password2": NEW}).status_code == 503
    client.post(form, {"password1": NEW, "password2": NEW})
    owner.refresh_from_db()
    assert owner.check_password(NEW)


def test_a_busy_site_counts_no_guess(client: Client, owner: User, settings: Settings) -> None:
    settings.PASSWORD_HASH_WAIT = 0
    with every_slot_taken(settings):
        for _ in range(25):
            assert DOORS["log in"](client, owner).status_code == 503
    DOORS["log in"](client, owner)
    assert signed_in(client)


def test_nobody_waits_once_all_have_waited(owner: User, settings: Settings) -> None:
    settings.PASSWORD_HASH_WAIT = 1
    with every_slot_taken(settings):
        for most in (2, 0.5):
            begun = time.monotonic()
            with pytest.raises(password_hashing.HashingBusyError):
                owner.check_password(PASSWORD)
            assert time.monotonic() - begun < most
    assert owner.check_password(PASSWORD)
    with every_slot_taken(settings):
        begun = time.monotonic()
        with pytest.raises(password_hashing.HashingBusyError):
            owner.check_password(PASSWORD)
        assert time.monotonic() - begun >= 1, "a slot was free in between"


def test_older_hashes_are_verified_one_by_one(owner: User, settings: Settings) -> None:
    owner.password = Argon2PasswordHasher().encode(PASSWORD, "a-salt-of-enough-letters")
    small = make_password(PASSWORD)
    with password_hashing._large:  # noqa: SLF001 -- what another request would do
        with pytest.raises(password_hashing.HashingBusyError):
            owner.check_password(PASSWORD)
        assert password_hashing.Argon2Hasher().verify(PASSWORD, small)
    assert owner.check_password(PASSWORD)
