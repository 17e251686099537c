"""Guesses at passwords are counted before they are judged. `attack` guesses from many addresses, without cookies."""

import re
from collections.abc import Callable

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import User
from tests.accounts.attack import LOGIN, guess, log_in, signed_in
from tests.at_once import at_once
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

NEW = "rye-bread-at-dusk"


@pytest.fixture(autouse=True)
def _behind_a_proxy(settings: Settings) -> None:
    settings.TRUSTED_PROXY_COUNT = 1


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch, alice: User) -> list[str]:
    """The passwords that were held against alice's hash."""
    passwords: list[str] = []
    verify = MD5PasswordHasher.verify
    hash_of_alice = alice.password

    def noted(self: MD5PasswordHasher, password: str, encoded: str) -> bool:
        if encoded == hash_of_alice:
            passwords.append(password)
        return verify(self, password, encoded)

    monkeypatch.setattr(MD5PasswordHasher, "verify", noted)
    return passwords


def known_browser(person: User) -> Client:
    """One in which the person signed in before, and out again."""
    browser = Client()
    log_in(browser, person.email)
    assert signed_in(browser)
    browser.post("/accounts/logout/", headers={"X-Forwarded-For": "203.0.113.9"})
    assert not signed_in(browser)
    return browser


def open_link_and_set(browser: Client, password: str) -> None:
    """By the newest mail."""
    link = re.search(r"http://testserver(\S+)", str(mail.outbox[-1].body))
    assert link
    form = browser.get(link[1], follow=True).redirect_chain[-1][0]
    browser.post(form, {"password1": password, "password2": password})


def test_of_many_guesses_from_many_addresses_twenty_are_judged(alice: User, judged: list[str]) -> None:
    guess(alice.email, times=100)
    assert len(judged) == 20


def test_the_right_guess_after_them_is_not_judged_either(alice: User, judged: list[str]) -> None:
    guess(alice.email, times=20)
    answer = log_in(Client(), alice.email)
    assert answer.status_code == 429
    assert PASSWORD not in judged


@pytest.mark.django_db(transaction=True)
def test_guesses_at_one_moment_do_not_slip_through(alice: User, judged: list[str]) -> None:
    def one(n: int) -> Callable[[], object]:
        return lambda: log_in(Client(), alice.email, f"wrong {n}", address=f"198.51.100.{n}")

    guess(alice.email, times=15)
    assert at_once([one(n) for n in range(100, 112)]) == [None] * 12
    assert len(judged) <= 20


def test_a_known_device_gets_in_all_the_same(alice: User) -> None:
    browser = known_browser(alice)
    guess(alice.email, times=30)
    assert log_in(browser, alice.email).status_code == 302
    assert signed_in(browser)


def test_a_known_device_gets_in_even_from_the_attackers_address(alice: User) -> None:
    browser = known_browser(alice)
    guess(alice.email, times=10, addresses=1)
    assert log_in(browser, alice.email, address="198.51.100.0").status_code == 302


def test_a_known_device_may_not_guess_for_ever_whatever_its_address(alice: User, judged: list[str]) -> None:
    browser = known_browser(alice)
    judged.clear()
    for n in range(30):
        log_in(browser, alice.email, "wrong", address=f"198.51.100.{n}")
    assert len(judged) == 10


def test_all_known_devices_together_may_not_guess_for_ever(alice: User, judged: list[str]) -> None:
    browsers = [known_browser(alice) for _ in range(5)]
    judged.clear()
    for n in range(40):
        log_in(browsers[n % 4], alice.email, "wrong", address=f"198.51.100.{n}")
    assert len(judged) == 30
    refused = log_in(browsers[4], alice.email)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 3500


def test_what_one_known_device_may_not_try_uses_up_nothing_of_the_others(alice: User) -> None:
    one, other = known_browser(alice), known_browser(alice)
    for n in range(60):
        log_in(one, alice.email, "wrong", address=f"198.51.100.{n}")
    assert log_in(other, alice.email).status_code == 302


def test_an_owner_on_a_new_device_is_told_and_gets_in_by_the_reset_mail(alice: User, judged: list[str]) -> None:
    guess(alice.email, times=30)
    browser = Client(headers={"X-Forwarded-For": "203.0.113.9"})
    told = browser.post(LOGIN, {"login": alice.email, "password": PASSWORD})
    assert told.status_code == 429
    assert "a stranger who guesses" in told.content.decode()
    assert "/accounts/password/reset/" in told.content.decode()

    browser.post("/accounts/password/reset/", {"email": alice.email})
    open_link_and_set(browser, NEW)
    assert signed_in(browser)
    browser.post("/accounts/logout/")
    assert log_in(browser, alice.email, NEW).status_code == 302


def test_whoever_uses_up_the_reset_mails_has_sent_the_owner_the_way_in(alice: User) -> None:
    for n in range(10):
        stranger = {"X-Forwarded-For": f"198.51.100.{n}"}
        Client().post("/accounts/password/reset/", {"email": alice.email}, headers=stranger)
    browser = Client(headers={"X-Forwarded-For": "203.0.113.9"})
    told = browser.post("/accounts/password/reset/", {"email": alice.email})
    assert told.status_code == 429
    assert "what was sent before still holds" in told.content.decode()
    open_link_and_set(browser, NEW)
    assert signed_in(browser)


def test_a_new_password_unlocks_addresses_but_not_the_attack(alice: User, judged: list[str]) -> None:
    browser = Client(headers={"X-Forwarded-For": "203.0.113.9"})
    log_in(browser, alice.email)
    judged.clear()
    guess(alice.email, times=30, addresses=1)
    assert len(judged) == 5
    guess(alice.email, times=30)
    new = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert browser.post("/accounts/password/change/", new).status_code == 302
    assert not AccessAttempt.objects.exists()
    assert set(guess(alice.email, times=5)) == {429}


def test_an_address_without_an_account_gets_the_same_answers(alice: User) -> None:
    assert guess("nobody@example.org", times=25, addresses=3) == guess(alice.email, times=25, addresses=3)


def test_the_case_of_the_address_and_blanks_make_no_new_count(alice: User, judged: list[str]) -> None:
    for n, email in enumerate(["alice@example.org", "ALICE@example.org", " Alice@Example.Org "] * 10):
        log_in(Client(), email, f"wrong {n}", address=f"198.51.100.{n}")
    assert len(judged) == 20


def test_five_wrong_ones_from_one_address_lock_it_for_a_quarter_of_an_hour(alice: User) -> None:
    assert guess(alice.email, times=4, addresses=1) == [200] * 4
    answer = log_in(Client(), alice.email, "wrong", address="198.51.100.0")
    assert answer.status_code == 429
    assert 890 <= int(answer.headers["Retry-After"]) <= 900
    assert "Try again in 15 minutes" in answer.content.decode()


def test_a_locked_address_uses_up_no_guesses_of_others(alice: User) -> None:
    guess(alice.email, times=60, addresses=1)
    assert log_in(Client(), alice.email).status_code == 302


def test_addresses_of_one_ipv6_network_are_one(alice: User) -> None:
    answers = [log_in(Client(), alice.email, "wrong", address=f"2001:db8:0:1::{n}").status_code for n in range(1, 6)]
    assert answers == [200] * 4 + [429]


def test_right_passwords_are_not_counted(alice: User) -> None:
    for n in range(25):
        assert log_in(Client(), alice.email, address=f"203.0.113.{n}").status_code == 302


def test_an_attackers_own_good_log_in_clears_nobodys_count(alice: User, bob: User) -> None:
    for _ in range(2):
        guess(alice.email, times=2, addresses=1)
        assert log_in(Client(), bob.email, address="198.51.100.0").status_code == 302
    assert log_in(Client(), alice.email, "wrong", address="198.51.100.0").status_code == 429


def test_a_good_log_in_clears_the_failures_before_it(alice: User) -> None:
    for _ in range(3):
        assert guess(alice.email, times=4, addresses=1) == [200] * 4
        assert log_in(Client(), alice.email, address="198.51.100.0").status_code == 302


def test_bad_log_ins_of_one_lock_nobody_else_out(alice: User, bob: User) -> None:
    guess(bob.email, times=10, addresses=1)
    assert log_in(Client(), alice.email, address="198.51.100.0").status_code == 302


def test_reauthentication_is_counted_with_the_rest(alice: User, judged: list[str]) -> None:
    browser = known_browser(alice)
    log_in(browser, alice.email)
    judged.clear()
    headers = {"X-Forwarded-For": "203.0.113.9"}
    browser.get("/accounts/email/", headers=headers)  # allauth notes the account's address
    for _ in range(15):
        browser.post("/accounts/reauthenticate/", {"password": "wrong"}, headers=headers)
    assert len(judged) == 5  # then the address is locked


def test_nothing_that_was_typed_is_kept_or_logged(alice: User, caplog: pytest.LogCaptureFixture) -> None:
    secret = "my-other-password"
    sent = {"login": alice.email, "password": secret, "password1": secret, "next": secret, secret: secret}
    for _ in range(2):
        Client().post(f"{LOGIN}?q={secret}", sent, headers={"X-Forwarded-For": "203.0.113.9"})
    (attempt,) = AccessAttempt.objects.values()
    assert attempt["failures_since_start"] == 2
    assert secret not in str(attempt)
    assert alice.email not in caplog.text
    assert "my-other-password" not in caplog.text


@pytest.mark.parametrize("length", [254, 320])
def test_the_longest_address_is_counted_like_another(length: int) -> None:
    email = f"{'a' * 64}@{'b' * 60}.{'c' * 60}.".ljust(length - 4, "d") + ".org"
    assert set(guess(email, times=6, addresses=1)) <= {200, 429}


def test_an_operator_unlocks_an_account_on_every_device(alice: User) -> None:
    browser = known_browser(alice)
    for n in range(12):
        log_in(browser, alice.email, "wrong", address=f"198.51.100.{n}")
    guess(alice.email, times=30)
    assert log_in(browser, alice.email).status_code == 429
    call_command("axes_reset_username", alice.email)
    assert log_in(browser, alice.email).status_code == 302
    assert log_in(Client(), alice.email, address="198.51.100.0").status_code == 302
    assert not AccessAttempt.objects.filter(username__startswith=alice.email).exists()


def test_an_operator_unlocks_an_account_in_the_admin(alice: User, settings: Settings) -> None:
    guess(alice.email, times=30)
    settings.TRUSTED_PROXY_COUNT = 0
    chief = UserFactory.create(is_staff=True, is_superuser=True)
    admin = Client()
    admin.force_login(chief)
    page = admin.get("/admin/axes/accessattempt/")
    assert page.status_code == 200
    assert alice.email in page.content.decode()
    attempt = AccessAttempt.objects.latest("pk")
    assert admin.get(f"/admin/axes/accessattempt/{attempt.pk}/change/").status_code == 200
    done = admin.post("/admin/accounts/user/", {"action": "let_them_try_again", "_selected_action": [alice.pk]})
    assert done.status_code == 302
    settings.TRUSTED_PROXY_COUNT = 1
    assert log_in(Client(), alice.email).status_code == 302
