"""allauth's own pages: who reaches them, and that they wear FoodMood's look."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import User
from tests.accounts.mails import last_link
from tests.conftest import sign_in
from tests.factories import PASSWORD

SECRET = "JBSWY3DPEHPK3PXP"

pytestmark = pytest.mark.django_db

FOR_ALL = [
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/done/",
    "/accounts/password/reset/key/1-bad/",
    "/accounts/inactive/",
    "/accounts/confirm-email/",
    "/accounts/confirm-email/bad/",
]
FOR_PEOPLE = [
    "/accounts/logout/",
    "/accounts/reauthenticate/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/sessions/",
    "/accounts/2fa/",
    "/accounts/2fa/webauthn/",
]
# After showing once more who one is
FOR_THE_SURE = [
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/totp/deactivate/",
    "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/recovery-codes/generate/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/2fa/reauthenticate/",
]
OF_ONE_KEY = ["/accounts/2fa/webauthn/keys/{pk}/edit/", "/accounts/2fa/webauthn/keys/{pk}/remove/"]


@pytest.mark.parametrize("url", FOR_ALL)
def test_whoever_comes_sees_it_in_foodmoods_look(client: Client, url: str) -> None:
    response = client.get(url)
    assert response.status_code == 200
    assert in_our_look(response.content.decode())


@pytest.mark.parametrize("url", FOR_PEOPLE)
def test_who_is_signed_in_sees_it_in_foodmoods_look(alices: Client, url: str) -> None:
    response = alices.get(url)
    assert response.status_code == 200
    assert in_our_look(response.content.decode())


@pytest.fixture
def key(alice: User) -> Authenticator:
    """A passkey of alice's; TOTP and recovery codes beside it."""
    TOTP.activate(alice, SECRET)
    RecoveryCodes.activate(alice)
    data = {"name": "My phone", "credential": {}}
    return Authenticator.objects.create(user=alice, type=Authenticator.Type.WEBAUTHN, data=data)


def show_that_it_is_me(browser: Client) -> None:
    """By the password, or by the app if there is one."""
    code = format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time())))
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    browser.post("/accounts/2fa/reauthenticate/", {"code": code})


@pytest.mark.parametrize("url", FOR_THE_SURE)
def test_who_has_shown_that_it_is_them_sees_it_in_foodmoods_look(alices: Client, alice: User, url: str) -> None:
    if "activate" not in url.split("/") and "add" not in url.split("/"):
        TOTP.activate(alice, SECRET)
        RecoveryCodes.activate(alice)
        sign_in(alices, alice)  # again: a new factor ends the sessions before it
    assert not in_our_look(alices.get(url).content.decode()) or "reauthenticate" in url
    show_that_it_is_me(alices)
    response = alices.get(url)
    assert response.status_code == 200
    assert in_our_look(response.content.decode())


@pytest.mark.parametrize("url", OF_ONE_KEY)
def test_a_passkey_can_be_seen_by_nobody_but_its_owner(
    key: Authenticator, alices: Client, bobs: Client, url: str
) -> None:
    for browser in (alices, bobs):
        show_that_it_is_me(browser)
    assert in_our_look(alices.get(url.format(pk=key.pk)).content.decode())
    assert bobs.get(url.format(pk=key.pk)).status_code == 404
    assert bobs.post(url.format(pk=key.pk), {"name": "Mine"}).status_code == 404
    key.refresh_from_db()
    assert key.data["name"] == "My phone"


@pytest.mark.parametrize("url", [*FOR_PEOPLE[2:], *FOR_THE_SURE, *(url.format(pk=1) for url in OF_ONE_KEY)])
def test_who_is_not_signed_in_is_sent_to_log_in(client: Client, url: str) -> None:
    assert client.get(url).headers["Location"].startswith("/accounts/login/")


def test_the_second_step_wears_foodmoods_look(client: Client, alice: User) -> None:
    TOTP.activate(alice, SECRET)
    page = client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD}, follow=True)
    assert page.redirect_chain[-1][0] == "/accounts/2fa/authenticate/"
    assert in_our_look(page.content.decode())


def test_who_is_not_logging_in_is_sent_to_the_first_step(client: Client) -> None:
    assert client.get("/accounts/2fa/authenticate/").headers["Location"].startswith("/accounts/login/")


def test_no_page_brings_a_script_of_its_own(alices: Client, key: Authenticator) -> None:
    """The CSP would stop it. Data for our scripts is no script."""
    for url in ("/accounts/login/", "/accounts/2fa/", "/accounts/email/", "/accounts/2fa/reauthenticate/webauthn/"):
        page = alices.get(url, follow=True).content.decode()
        scripts = re.findall(r"<script([^>]*)>", page)
        assert all("src=" in script or 'type="application/json"' in script for script in scripts)


def test_an_address_is_added_verified_made_the_main_one_and_the_former_removed(alices: Client, alice: User) -> None:
    url, new = "/accounts/email/", "Alice@Example.com"
    asked = alices.post(url, {"email": new, "action_add": ""})
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
    alices.post("/accounts/reauthenticate/", {"password": PASSWORD})
    alices.post(url, {"email": new, "action_add": ""})
    alices.post(url, {"email": "alice@example.com", "action_primary": ""})
    alice.refresh_from_db()
    assert alice.email == "alice@example.org"  # not before it is verified
    alices.post(last_link(to="alice@example.com"))
    alices.post(url, {"email": "alice@example.com", "action_primary": ""})
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"
    assert mail.outbox[-1].to == ["alice@example.org"]  # whoever took the account over can't do so unnoticed
    alices.post(url, {"email": "alice@example.org", "action_remove": ""})
    assert [address.email for address in EmailAddress.objects.filter(user=alice)] == ["alice@example.com"]


def test_a_forgotten_password_can_be_set_anew(client: Client, alice: User) -> None:
    client.post("/accounts/password/reset/", {"email": "Alice@example.org"})
    form = client.get(last_link(), follow=True)
    assert in_our_look(form.content.decode())
    new = "rye-bread-at-dawn"
    client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    alice.refresh_from_db()
    assert alice.check_password(new)


def test_the_password_can_be_changed(alices: Client, alice: User) -> None:
    new = "rye-bread-at-dawn"
    alices.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    alice.refresh_from_db()
    assert alice.check_password(new)


def test_who_has_no_password_can_set_one(alices: Client, alice: User) -> None:
    alice.set_unusable_password()
    alice.save()
    alices.force_login(alice)
    url = "/accounts/password/set/"
    assert in_our_look(alices.get(url).content.decode())
    new = "rye-bread-at-dawn"
    alices.post(url, {"password1": new, "password2": new})
    alice.refresh_from_db()
    assert alice.check_password(new)


def test_where_no_mail_is_sent_nobody_is_told_to_wait_for_one(alices: Client, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert b"/accounts/password/reset/" not in alices.get("/accounts/password/change/").content


def in_our_look(page: str) -> bool:
    return "css/foodmood.css" in page and 'class="masthead"' in page and "<h1>" in page and " style=" not in page
