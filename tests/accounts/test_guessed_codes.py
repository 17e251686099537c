"""Guesses at the second step, by somebody who knows the password."""

import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import User
from foodmood.audit.models import Event, SecurityEvent
from tests.accounts.attack import log_in, signed_in

pytestmark = pytest.mark.django_db

SECOND_STEP = "/accounts/2fa/authenticate/"
NEW = "rye-bread-at-dusk"
WRONG = "0000000"  # no code has seven digits


@pytest.fixture(autouse=True)
def _behind_a_proxy(settings: Settings) -> None:
    settings.TRUSTED_PROXY_COUNT = 1


@pytest.fixture
def codes(alice: User) -> list[str]:
    """Recovery codes, each of which works once."""
    TOTP.activate(alice, "JBSWY3DPEHPK3PXP")
    unused: list[str] = RecoveryCodes.activate(alice).get_unused_codes()
    return unused


def give(browser: Client, code: str, address: str = "203.0.113.9") -> int:
    return browser.post(SECOND_STEP, {"code": code}, headers={"X-Forwarded-For": address}).status_code


def guess(alice: User, times: int) -> list[int]:
    """The right password and wrong codes, from one address after the other, without a device cookie."""
    answers = []
    for n in range(times):
        browser = Client()
        log_in(browser, alice.email, address=f"198.51.100.{n}")
        answers.append(give(browser, WRONG, f"198.51.100.{n}"))
    return answers


def past_the_password(alice: User, browser: Client | None = None) -> Client:
    browser = browser or Client()
    assert log_in(browser, alice.email).headers["Location"] == SECOND_STEP
    return browser


def known_browser(alice: User, code: str) -> Client:
    browser = past_the_password(alice)
    give(browser, code)
    assert signed_in(browser)
    browser.post("/accounts/logout/", headers={"X-Forwarded-For": "203.0.113.9"})
    return browser


def test_of_many_codes_ten_are_judged_and_then_not_even_the_right_one(alice: User, codes: list[str]) -> None:
    assert guess(alice, 15) == [200] * 10 + [429] * 5
    browser = past_the_password(alice)
    answer = browser.post(SECOND_STEP, {"code": codes[0]}, headers={"X-Forwarded-For": "203.0.113.9"})
    assert answer.status_code == 429
    assert 3500 < int(answer.headers["Retry-After"]) <= 3600
    assert "a stranger who knows your password" in answer.content.decode()
    assert not signed_in(browser)


def test_it_is_in_the_trail_once(alice: User, codes: list[str]) -> None:
    guess(alice, 15)
    (told,) = SecurityEvent.objects.filter(event=Event.LOCKED_OUT)
    assert (told.person, told.detail) == (alice.pk, "code-unknown-devices")


def test_a_known_device_gets_in_all_the_same(alice: User, codes: list[str]) -> None:
    browser = known_browser(alice, codes[0])
    guess(alice, 15)
    give(past_the_password(alice, browser), codes[1])
    assert signed_in(browser)


def test_a_known_device_may_not_guess_for_ever(alice: User, codes: list[str]) -> None:
    browser = past_the_password(alice, known_browser(alice, codes[0]))
    assert [give(browser, WRONG, f"198.51.100.{n}") for n in range(12)] == [200] * 10 + [429] * 2


def test_right_codes_are_not_counted(alice: User, codes: list[str]) -> None:
    guess(alice, 9)
    for code in codes[:3]:
        give(browser := past_the_password(alice), code)
        assert signed_in(browser)


def test_a_new_password_by_mail_lets_the_owner_try_again(alice: User, codes: list[str]) -> None:
    guess(alice, 15)
    browser = Client(headers={"X-Forwarded-For": "203.0.113.9"})
    browser.post("/accounts/password/reset/", {"email": alice.email})
    link = re.search(r"http://testserver(\S+)", str(mail.outbox[-1].body))
    assert link
    form = browser.get(link[1], follow=True).redirect_chain[-1][0]
    done = browser.post(form, {"password1": NEW, "password2": NEW})
    assert done.headers["Location"] == SECOND_STEP
    give(browser, codes[0])
    assert signed_in(browser)


def test_an_operator_unlocks_the_second_step_too(alice: User, codes: list[str]) -> None:
    guess(alice, 15)
    call_command("axes_reset_username", alice.email)
    give(browser := past_the_password(alice), codes[0])
    assert signed_in(browser)


def test_codes_given_once_more_are_counted_as_well(alice: User, codes: list[str]) -> None:
    browser = known_browser(alice, codes[0])
    give(past_the_password(alice, browser), codes[1])
    url, headers = "/accounts/2fa/reauthenticate/", {"X-Forwarded-For": "203.0.113.9"}
    answers = [browser.post(url, {"code": WRONG}, headers=headers).status_code for _ in range(12)]
    assert answers == [200] * 10 + [429] * 2
