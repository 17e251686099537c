"""The first second factor of whoever may use the administration needs a link from the server."""

import time
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import Invitation, User
from foodmood.audit.models import SecurityEvent
from tests.conftest import sign_in
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

APP = "/accounts/2fa/totp/activate/"
PASSKEY = "/accounts/2fa/webauthn/add/"
SECRET = "JBSWY3DPEHPK3PXP"
INVITATIONS = "/account/invitations/"


@pytest.fixture
def operator(settings: Settings) -> User:
    settings.ADMIN_REQUIRES_MFA = True
    return UserFactory.create(email="operator@example.org", is_staff=True, is_superuser=True)


@pytest.fixture
def operators(operator: User) -> Client:
    """A browser of somebody who has the operator's password, and has just shown it again."""
    browser = sign_in(Client(), operator)
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return browser


def link_for(person: User, capsys: pytest.CaptureFixture[str], **options: bool) -> str:
    call_command("admin_enrol_link", person.email, **options)
    return urlsplit(capsys.readouterr().out.split()[-1]).path


def code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def set_up_app(browser: Client) -> None:
    secret = browser.get(APP).context["form"].secret
    browser.post(APP, {"code": code(secret)})


@pytest.mark.parametrize("page", [APP, PASSKEY])
def test_password_alone_adds_no_factor(operators: Client, page: str) -> None:
    assert operators.get(page).headers["Location"] == "/accounts/2fa/"
    assert operators.post(page, {"code": "123456", "credential": "{}"}).headers["Location"] == "/accounts/2fa/"
    assert "admin_enrol_link" in operators.get("/accounts/2fa/").content.decode()
    assert not Authenticator.objects.exists()


def test_link_lets_the_first_factor_be_added(
    operator: User, operators: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    link = link_for(operator, capsys)
    assert operators.get(link).headers["Location"] == "/accounts/2fa/"
    set_up_app(operators)
    assert Authenticator.objects.filter(user=operator, type="totp").exists()
    Authenticator.objects.all().delete()
    operator.refresh_from_db()
    second = sign_in(Client(), operator)
    second.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert "no longer works" in second.get(link, follow=True).content.decode()
    assert second.get(APP).headers["Location"] == "/accounts/2fa/"


def test_link_needs_its_person(operator: User, capsys: pytest.CaptureFixture[str]) -> None:
    link = link_for(operator, capsys)
    assert Client().get(link).headers["Location"].startswith("/accounts/login/")
    clerk = sign_in(Client(), UserFactory.create(is_staff=True))
    clerk.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert "not for this account" in clerk.get(link, follow=True).content.decode()
    assert clerk.get(APP).headers["Location"] == "/accounts/2fa/"


def test_link_ends_after_a_day(
    operator: User, operators: Client, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    link = link_for(operator, capsys)
    later = time.time() + timedelta(hours=24, minutes=1).total_seconds()
    monkeypatch.setattr(time, "time", lambda: later)
    assert "no longer works" in operators.get(link, follow=True).content.decode()


def test_factor_can_be_replaced_after_showing_it(operator: User) -> None:
    TOTP.activate(operator, SECRET)
    operator.refresh_from_db()
    browser = sign_in(Client(), operator)
    browser.post("/accounts/2fa/reauthenticate/", {"code": code(SECRET)})
    browser.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()
    assert browser.get(APP).status_code == 200


def test_other_people_need_no_link(operator: User, alices: Client) -> None:
    alices.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert alices.get(APP).status_code == 200


def test_command_says_what_is_wrong(operator: User, alice: User, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match="Nobody has"):
        call_command("admin_enrol_link", "nobody@example.org")
    with pytest.raises(CommandError, match="may not use the administration"):
        call_command("admin_enrol_link", alice.email)
    TOTP.activate(operator, SECRET)
    with pytest.raises(CommandError, match="--replace"):
        call_command("admin_enrol_link", operator.email)
    assert link_for(operator, capsys, replace=True).startswith("/account/enrol/")
    assert not Authenticator.objects.exists()


def test_link_is_told_to_its_person(operator: User, capsys: pytest.CaptureFixture[str]) -> None:
    link_for(operator, capsys)
    assert [message.to for message in mail.outbox] == [["operator@example.org"]]
    assert SecurityEvent.objects.get(person=operator.pk).event == "enrolment_allowed"


def test_invitations_ask_for_the_factor(operator: User) -> None:
    TOTP.activate(operator, SECRET)
    operator.refresh_from_db()
    browser = sign_in(Client(), operator)
    for answer in (browser.get(INVITATIONS), browser.post(INVITATIONS, {"email": "carol@example.org"})):
        assert answer.headers["Location"] == "/admin/login/?next=%2Faccount%2Finvitations%2F"
    asked = browser.get(INVITATIONS, follow=True).redirect_chain[-1][0]
    browser.post(asked, {"code": code(SECRET)})
    browser.post(INVITATIONS, {"email": "carol@example.org"})
    pk = Invitation.objects.get().pk
    other = sign_in(Client(), operator)
    for what in ("resend", "withdraw"):
        assert other.post(f"{INVITATIONS}{pk}/{what}/").headers["Location"].startswith("/admin/login/")
    assert Invitation.objects.exists()
