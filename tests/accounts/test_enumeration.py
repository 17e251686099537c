"""Nobody learns from a page whether an address has an account: same answer, same mails, same work."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import User
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

Answer = tuple[Any, ...]
KNOWN, UNKNOWN = "alice@example.org", "carol@example.org"


@pytest.fixture
def hashings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One item for every time that a password is hashed."""
    done: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        done.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return done


def answer(client: Client, url: str, data: dict[str, str]) -> Answer:
    """All that a browser sees, page by page, but for what is random and what the visitor typed."""
    response = client.post(url, data, follow=True)
    body = response.content.decode().replace(data.get("email", data.get("login", "")), "ADDRESS")
    body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"', "TOKEN", body)
    headers = {
        name: value
        for name, value in response.headers.items()
        if name not in {"Content-Length", "Expires", "X-Request-ID"}
    }
    return response.redirect_chain, response.status_code, headers, sorted(client.cookies), body


def sign_up(client: Client, email: str) -> Answer:
    return answer(client, "/accounts/signup/", {"email": email, "password1": PASSWORD, "consent": "on"})


def sign_up_and_resend(client: Client, email: str) -> Answer:
    return *sign_up(client, email), *answer(client, "/account/resend/", {"email": email})


def log_in(client: Client, email: str) -> Answer:
    return answer(client, "/accounts/login/", {"login": email, "password": "not-their-password"})


def reset(client: Client, email: str) -> Answer:
    return answer(client, "/accounts/password/reset/", {"email": email})


@pytest.mark.parametrize(("ask", "hashed"), [(sign_up, 1), (sign_up_and_resend, 1), (log_in, 1), (reset, 0)])
def test_the_answer_is_the_same_with_and_without_an_account(
    alice: User, settings: Settings, hashings: list[str], ask: Callable[[Client, str], Answer], hashed: int
) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"verification-mail": "9/h/key"}
    answers, mails, work = [], [], []
    for email in (KNOWN, UNKNOWN):
        mail.outbox.clear()
        client = Client()
        hashings.clear()
        answers.append(ask(client, email))
        work.append(hashings.count(PASSWORD) + hashings.count("not-their-password"))
        mails.append([message.to for message in mail.outbox])
    assert answers[0] == answers[1]
    assert mails[0] == [[KNOWN]] * len(mails[0])
    assert mails[1] == [[UNKNOWN]] * len(mails[0])
    assert work[0] == work[1] == hashed


@pytest.mark.parametrize("is_active", [True, False])
def test_a_wrong_password_says_the_same_whatever_the_account_is_like(client: Client, is_active: bool) -> None:
    UserFactory.create(email=KNOWN, is_active=is_active)
    assert log_in(Client(), KNOWN) == log_in(Client(), UNKNOWN)


def test_an_account_without_a_password_takes_as_long_to_refuse(
    client: Client, alice: User, hashings: list[str]
) -> None:
    alice.set_unusable_password()
    alice.save()
    assert log_in(Client(), KNOWN) == log_in(Client(), UNKNOWN)
    assert len(hashings) == 2


def test_an_address_that_somebody_else_has_can_be_added_but_not_taken(alices: Client, bob: User) -> None:
    """Adding an address asks for the password; what is added counts for nothing until its mail is opened."""
    alices.post("/accounts/reauthenticate/", {"password": PASSWORD})
    taken, free = (
        answer(alices, "/accounts/email/", {"email": email, "action_add": ""})[:3] for email in (bob.email, UNKNOWN)
    )
    assert taken == free
    hers = ["alice@example.org"]  # is told each time, whoever else has the address
    assert [message.to for message in mail.outbox] == [[bob.email], hers, [UNKNOWN], hers]


def test_who_signs_up_again_is_told_by_mail_that_there_is_an_account(client: Client, alice: User) -> None:
    sign_up(client, KNOWN)
    (message,) = mail.outbox
    assert "/accounts/password/reset/" in str(message.body)
    assert User.objects.count() == 1
    assert alice.check_password(PASSWORD)
