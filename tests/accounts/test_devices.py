"""The cookie of a browser in which somebody signed in before, and the mail about one that has none."""

import pytest
from django.core import mail
from django.core.signing import Signer
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import User
from tests.accounts.attack import log_in, signed_in
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0"
NEW = "rye-bread-at-dusk"


@pytest.fixture(autouse=True)
def _not_the_first_log_in(alice: User, bob: User) -> None:
    """Of which no mail tells, as nobody could compare it with anything."""
    User.objects.update(last_login=timezone.now())


def cookie(browser: Client) -> str:
    return browser.cookies["device"].value if "device" in browser.cookies else ""


def log_out(browser: Client) -> None:
    browser.post("/accounts/logout/")


def subjects_to(person: User) -> list[str]:
    return [str(letter.subject) for letter in mail.outbox if letter.to == [person.email]]


def test_a_browser_gets_it_with_the_log_in_and_keeps_it(client: Client, alice: User) -> None:
    client.get("/accounts/login/")
    assert cookie(client) == ""
    log_in(client, alice.email)
    first = cookie(client)
    assert first
    log_out(client)
    log_in(client, alice.email)
    assert cookie(client) == first


def test_one_session_is_one_device_however_often_it_forgets_its_cookie(client: Client, alice: User) -> None:
    log_in(client, alice.email)
    names = {cookie(client)}
    for _ in range(5):
        del client.cookies["device"]
        client.get("/")
        names.add(cookie(client))
    assert len(names) == 1


def test_a_log_out_leaves_it(client: Client, alice: User) -> None:
    log_in(client, alice.email)
    answer = client.post("/accounts/logout/")
    assert "device" not in answer.cookies
    assert "cookies" not in answer.headers.get("Clear-Site-Data", "")


def test_a_wrong_password_brings_none(client: Client, alice: User) -> None:
    log_in(client, alice.email, "wrong")
    assert cookie(client) == ""


def test_scripts_and_other_sites_do_not_get_it(client: Client, alice: User, settings: Settings) -> None:
    settings.SESSION_COOKIE_SECURE = True
    log_in(client, alice.email)
    morsel = client.cookies["device"]
    assert morsel["httponly"]
    assert morsel["secure"]
    assert (morsel["samesite"], morsel["path"], morsel["domain"]) == ("Lax", "/", "")


def test_it_does_not_hold_the_address(client: Client, alice: User) -> None:
    log_in(client, alice.email)
    assert "alice" not in cookie(client)


def test_a_new_browser_is_told_by_mail(client: Client, alice: User) -> None:
    client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD}, headers={"User-Agent": FIREFOX})
    (letter,) = mail.outbox
    assert letter.to == [alice.email]
    assert "Firefox on Android" in letter.body
    assert "127.0.0.1" in letter.body


def test_a_browser_without_a_name_is_told_all_the_same(client: Client, alice: User) -> None:
    log_in(client, alice.email)
    assert "An unknown device" in mail.outbox[0].body


def test_a_known_browser_is_not(client: Client, alice: User) -> None:
    log_in(client, alice.email)
    mail.outbox.clear()
    log_out(client)
    log_in(client, alice.email)
    assert mail.outbox == []


def test_the_first_log_in_of_all_is_not(client: Client, alice: User) -> None:
    User.objects.update(last_login=None)
    log_in(client, alice.email)
    assert mail.outbox == []


def test_where_no_mail_is_sent_one_gets_in_all_the_same(client: Client, alice: User, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    log_in(client, alice.email)
    assert signed_in(client)


def test_two_people_may_share_a_browser(client: Client, alice: User, bob: User) -> None:
    for person in (alice, bob):
        log_in(client, person.email)
        log_out(client)
    mail.outbox.clear()
    for person in (alice, bob):
        log_in(client, person.email)
        log_out(client)
    assert mail.outbox == []


def test_bobs_cookie_is_nothing_to_alices_account(client: Client, alice: User, bob: User) -> None:
    log_in(client, bob.email)
    log_out(client)
    client.cookies["device"] = cookie(client).replace(f"{bob.pk}:", f"{alice.pk}:", 1)
    log_in(client, alice.email)
    assert len(subjects_to(alice)) == 1


@pytest.mark.parametrize("forged", ["", ".", "1", "1:", "1:aa", "1:aa:bb", "ü:1:2", "1:aa:bb." * 1000])
def test_what_is_no_cookie_of_ours_makes_a_browser_unknown(client: Client, alice: User, forged: str) -> None:
    client.cookies["device"] = forged
    log_in(client, alice.email)
    assert signed_in(client)
    assert len(subjects_to(alice)) == 1


def test_a_signature_of_ours_for_something_else_is_none(client: Client, alice: User) -> None:
    client.cookies["device"] = Signer().sign(f"{alice.pk}:00112233")
    log_in(client, alice.email)
    assert len(subjects_to(alice)) == 1


def test_a_new_password_makes_every_other_browser_unknown(client: Client, alice: User) -> None:
    other = Client()
    log_in(other, alice.email)
    log_in(client, alice.email)
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    log_out(client)
    mail.outbox.clear()
    log_in(client, alice.email, NEW)
    assert mail.outbox == []
    log_in(other, alice.email, NEW)
    assert len(mail.outbox) == 1
