"""Two-step log-in: the app's codes, recovery codes, and what rests in the database. For passkeys see tests/e2e."""

import json
import time
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import User
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

PARTS = ("clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle")


def code_now(secret: str, periods: int = 0) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods)))


@pytest.fixture(autouse=True)
def _steady_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test straddles two periods of thirty seconds."""
    start = int(time.time()) // 30 * 30 + 1.0
    monkeypatch.setattr(time, "time", lambda: start)


@pytest.fixture
def sure(alices: Client) -> Client:
    """Alice's browser, in which she has just shown that it is her."""
    alices.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return alices


@pytest.fixture
def secret(sure: Client, monkeypatch: pytest.MonkeyPatch) -> str:
    """Of an app that was set up a period ago, whose code was used up by that."""
    secret: str = sure.get("/accounts/2fa/totp/activate/").context["form"].secret
    sure.post("/accounts/2fa/totp/activate/", {"code": code_now(secret)})
    later = time.time() + 30
    monkeypatch.setattr(time, "time", lambda: later)
    return secret


def first_step(user: User) -> Client:
    browser = Client()
    answer = browser.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert answer.headers["Location"] == "/accounts/2fa/authenticate/"
    return browser


def second_step(browser: Client, code: str) -> bool:
    browser.post("/accounts/2fa/authenticate/", {"code": code})
    return browser.get("/").status_code == 200


def test_setting_up_asks_who_is_there(alices: Client) -> None:
    for path in ("totp/activate/", "webauthn/add/"):
        assert alices.get(f"/accounts/2fa/{path}").headers["Location"].startswith("/accounts/reauthenticate/")


def test_the_page_shows_the_key_as_picture_and_text(sure: Client) -> None:
    response = sure.get("/accounts/2fa/totp/activate/")
    page = response.content.decode()
    assert response.context["form"].secret in page
    assert 'src="data:image/svg+xml;base64,' in page
    assert "issuer=FoodMood" in response.context["totp_url"]


def test_with_the_app_log_in_takes_two_steps(alice: User, secret: str) -> None:
    browser = first_step(alice)
    assert browser.get("/").status_code == 302
    assert second_step(browser, code_now(secret))


@pytest.mark.parametrize("periods", [-2, 2])
def test_a_code_of_another_time_is_refused(alice: User, secret: str, periods: int) -> None:
    assert not second_step(first_step(alice), code_now(secret, periods))


@pytest.mark.parametrize("code", ["", "000000x", "\0", "x" * 10_000])
def test_what_is_no_code_is_refused(alice: User, secret: str, code: str) -> None:
    assert not second_step(first_step(alice), code)


def test_a_code_works_once(alice: User, secret: str) -> None:
    assert second_step(first_step(alice), code_now(secret))
    assert not second_step(first_step(alice), code_now(secret))


def test_the_code_that_set_the_app_up_is_used_up(alice: User, sure: Client) -> None:
    secret: str = sure.get("/accounts/2fa/totp/activate/").context["form"].secret
    sure.post("/accounts/2fa/totp/activate/", {"code": code_now(secret)})
    assert Authenticator.objects.filter(type="totp").exists()
    assert not second_step(first_step(alice), code_now(secret))


def test_a_recovery_code_works_once(alice: User, secret: str, sure: Client) -> None:
    codes = sure.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    assert len(codes) == 10
    assert second_step(first_step(alice), codes[0])
    assert not second_step(first_step(alice), codes[0])
    assert second_step(first_step(alice), codes[1])


def test_the_codes_can_be_kept_as_a_file(secret: str, sure: Client) -> None:
    response = sure.get("/accounts/2fa/recovery-codes/download/")
    assert response.headers["Content-Type"] == "text/plain"
    assert len(response.content.split()) == 10


@pytest.mark.django_db(transaction=True)
def test_it_is_told_by_mail(sure: Client) -> None:
    secret: str = sure.get("/accounts/2fa/totp/activate/").context["form"].secret
    sure.post("/accounts/2fa/totp/activate/", {"code": code_now(secret)})
    assert [message.to for message in mail.outbox] == [["alice@example.org"]]


def test_turning_it_off_asks_who_is_there(alice: User, secret: str) -> None:
    browser = first_step(alice)
    second_step(browser, code_now(secret))
    answer = browser.post("/accounts/2fa/totp/deactivate/")
    assert answer.headers["Location"].startswith("/accounts/2fa/reauthenticate/")
    assert Authenticator.objects.filter(type="totp").exists()


def test_the_password_alone_does_not_turn_it_off_but_a_code_does(alice: User, secret: str, sure: Client) -> None:
    codes = sure.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    browser = first_step(alice)
    second_step(browser, codes[0])
    asked = browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert asked.headers["Location"] == "/accounts/2fa/reauthenticate/"
    browser.post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(type="totp").exists()
    browser.post("/accounts/2fa/reauthenticate/", {"code": codes[1]})
    browser.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()


def test_setting_it_up_ends_other_sessions(alice: User, sure: Client) -> None:
    other = Client()
    other.force_login(alice)
    secret: str = sure.get("/accounts/2fa/totp/activate/").context["form"].secret
    sure.post("/accounts/2fa/totp/activate/", {"code": code_now(secret)})
    assert sure.get("/").status_code == 200
    assert other.get("/").status_code == 302


@pytest.mark.parametrize("path", ["change", "set"])
def test_new_password_asks_for_the_factor(alice: User, secret: str, sure: Client, path: str) -> None:
    codes = sure.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    browser = first_step(alice)
    second_step(browser, codes[0])
    if path == "set":
        alice.refresh_from_db()
        alice.set_unusable_password()
        alice.save()
        alice.refresh_from_db()
        browser.force_login(alice)
    new = {"oldpassword": PASSWORD, "password1": "rye-bread-at-dawn", "password2": "rye-bread-at-dawn"}
    asked = browser.post(f"/accounts/password/{path}/", new)
    assert asked.headers["Location"].startswith("/accounts/2fa/reauthenticate/")
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert browser.get(f"/accounts/password/{path}/").headers["Location"].startswith("/accounts/2fa/reauthenticate/")
    alice.refresh_from_db()
    assert not alice.check_password("rye-bread-at-dawn")
    browser.post("/accounts/2fa/reauthenticate/", {"code": codes[1]})
    browser.post(f"/accounts/password/{path}/", new)
    alice.refresh_from_db()
    assert alice.check_password("rye-bread-at-dawn")


def test_it_can_be_turned_off(secret: str, sure: Client) -> None:
    sure.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()


def test_the_secrets_do_not_rest_in_the_clear(secret: str, sure: Client) -> None:
    totp = Authenticator.objects.get(type="totp")
    assert secret not in str(totp.data)
    assert get_adapter().decrypt(totp.data["secret"]) == secret
    codes = sure.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    assert not any(code in str(Authenticator.objects.get(type="recovery_codes").data) for code in codes)


def test_a_new_secret_key_reads_what_the_former_one_wrote(settings: Settings) -> None:
    kept = get_adapter().encrypt("secret")
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another-key"
    with pytest.raises(ImproperlyConfigured, match="DJANGO_SECRET_KEY_FALLBACKS"):
        get_adapter().decrypt(kept)
    settings.SECRET_KEY_FALLBACKS = [former]
    assert get_adapter().decrypt(kept) == "secret"


def test_once_the_secrets_are_renewed_the_former_key_may_go(secret: str, settings: Settings) -> None:
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another-key"
    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("renew_secrets")
    settings.SECRET_KEY_FALLBACKS = [former]
    call_command("renew_secrets")
    settings.SECRET_KEY_FALLBACKS = []
    assert get_adapter().decrypt(Authenticator.objects.get(type="totp").data["secret"]) == secret
    assert get_adapter().decrypt(Authenticator.objects.get(type="recovery_codes").data["seed"])


def test_somebody_logged_in_stays_so_while_the_former_key_is_a_fallback(alices: Client, settings: Settings) -> None:
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another-key"
    settings.SECRET_KEY_FALLBACKS = [former]
    assert alices.get("/").status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert alices.get("/").status_code == 200  # came by in between
    settings.SECRET_KEY = "a third"
    assert alices.get("/").status_code == 302


@pytest.mark.parametrize("path", ["totp/deactivate/", "recovery-codes/", "recovery-codes/download/", "webauthn/"])
def test_a_stranger_sees_nothing_of_it(secret: str, bobs: Client, path: str) -> None:
    response = bobs.get(f"/accounts/2fa/{path}")
    assert response.status_code in {200, 302, 404}
    assert b"<code>" not in response.content
    assert Client().get(f"/accounts/2fa/{path}").headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    "credential",
    [
        *("", "x", "null", "1", "[]", "[1]", "{}", '{"id": 1}', '{"id": "x", "response": {}}'),
        '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": 1, "userHandle": []}}',
        json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": dict.fromkeys(PARTS, "AA")}),
    ],
)
def test_what_is_no_passkey_is_refused_without_a_fault(sure: Client, alice: User, secret: str, credential: str) -> None:
    data: dict[str, Any] = {"name": "Key", "credential": credential}
    sure.get("/accounts/2fa/webauthn/add/")
    assert sure.post("/accounts/2fa/webauthn/add/", data).status_code == 200
    browser = first_step(alice)
    browser.get("/accounts/2fa/authenticate/")
    assert browser.post("/accounts/2fa/authenticate/", data).status_code == 200
    visitor = Client()
    visitor.get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"})
    assert visitor.post("/accounts/2fa/webauthn/login/", data).status_code in {200, 302}
    assert not Authenticator.objects.filter(type="webauthn").exists()
    assert visitor.get("/").status_code == 302


def test_where_no_mail_is_sent_two_steps_can_be_set_up_all_the_same(alice: User, sure: Client, no_mail: None) -> None:
    EmailAddress.objects.filter(user=alice).update(verified=False)
    secret: str = sure.get("/accounts/2fa/totp/activate/").context["form"].secret
    sure.post("/accounts/2fa/totp/activate/", {"code": code_now(secret)})
    assert Authenticator.objects.filter(user=alice, type="totp").exists()
