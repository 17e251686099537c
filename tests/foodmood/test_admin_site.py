"""The door of the administration."""

import time
from importlib import import_module

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.test import Client
from django.urls import get_resolver
from pytest_django import Settings

from apps.accounts.models import User
from config.variables import BadValueError
from config.web import TAKEN, admin_path
from tests.factories import UserFactory

SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def operator(db: None, settings: Settings) -> User:
    """Staff, where a second factor is asked for as in production."""
    settings.ADMIN_REQUIRES_MFA = True
    return UserFactory.create(email="operator@example.org", is_staff=True, is_superuser=True)


@pytest.fixture
def operators(operator: User) -> Client:
    client = Client()
    client.force_login(operator)
    return client


@pytest.fixture
def with_app(operator: User) -> Client:
    """The browser of an operator who has an authenticator app, and has shown no code in this session."""
    totp.TOTP.activate(operator, SECRET)
    client = Client()
    client.force_login(operator)
    return client


def code() -> str:
    """What the authenticator app shows now."""
    return str(totp.format_hotp_value(totp.hotp_value(SECRET, int(time.time()) // 30)))


def test_staff_without_a_second_factor_are_told_how_to_get_one(operators: Client) -> None:
    answer = operators.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/2fa/"
    assert "admin_enrol_link" in answer.content.decode()


def test_staff_who_did_not_show_their_second_factor_in_this_session_are_asked_for_it(with_app: Client) -> None:
    answer = with_app.get("/admin/accounts/user/", follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/2fa/reauthenticate/?next=%2Fadmin%2Faccounts%2Fuser%2F"
    assert with_app.post(answer.redirect_chain[-1][0], {"code": code()}).headers["Location"] == "/admin/accounts/user/"
    assert with_app.get("/admin/accounts/user/").status_code == 200


def test_a_wrong_code_opens_nothing(with_app: Client) -> None:
    with_app.post("/accounts/2fa/reauthenticate/?next=/admin/", {"code": "000000"})
    assert with_app.get("/admin/").status_code == 302


def test_with_its_second_factor_removed_a_session_is_out_of_the_admin(with_app: Client) -> None:
    with_app.post("/accounts/2fa/reauthenticate/?next=/admin/", {"code": code()})
    assert with_app.get("/admin/").status_code == 200
    with_app.post("/accounts/2fa/totp/deactivate/")
    assert with_app.get("/admin/", follow=True).redirect_chain[-1][0] == "/accounts/2fa/"


def test_the_admin_sends_nobody_to_another_site(with_app: Client) -> None:
    asked = with_app.get("/admin/login/?next=https://evil.example/", follow=True).redirect_chain[-1][0]
    assert "evil" not in with_app.post(asked, {"code": code()}).headers["Location"]


def test_a_form_to_the_admins_log_in_logs_nobody_in(operator: User, operators: Client) -> None:
    data = {"username": operator.email, "password": "oat-milk-at-noon"}
    assert operators.post("/admin/login/", data).headers["Location"] == "/accounts/2fa/"


def test_who_is_in_already_is_led_from_the_log_in_to_the_admin(operators: Client, settings: Settings) -> None:
    settings.ADMIN_REQUIRES_MFA = False
    assert operators.get("/admin/login/").headers["Location"] == "/admin/"


def test_the_admin_has_no_password_page_of_its_own(operators: Client, settings: Settings) -> None:
    settings.ADMIN_REQUIRES_MFA = False
    assert operators.get("/admin/password_change/").headers["Location"] == "/accounts/password/change/"


@pytest.mark.parametrize(
    ("written", "path"), [("admin/", "admin/"), ("/back-office", "back-office/"), ("a/b1/", "a/b1/")]
)
def test_the_path_of_the_admin_is_chosen_by_the_operator(written: str, path: str) -> None:
    assert admin_path(written) == path


@pytest.mark.parametrize("written", ["/", "..", "a//b", "ädmin/", "admin/?x", "https://x/", "^admin/", "<int:x>/"])
def test_a_path_that_no_address_can_have_is_refused(written: str) -> None:
    with pytest.raises(BadValueError, match="write letters"):
        admin_path(written)


@pytest.mark.parametrize("first", sorted(TAKEN))
def test_the_admin_does_not_hide_another_page(first: str) -> None:
    with pytest.raises(BadValueError, match="uses itself"):
        admin_path(f"{first}/operators/")


def test_every_first_part_of_an_address_is_known_as_taken() -> None:
    routes = [str(each.pattern) for each in get_resolver().url_patterns]
    routes += [str(each.pattern) for each in import_module("apps.journal.urls").urlpatterns]  # those without a prefix
    firsts = {route.partition("/")[0] for route in routes} - {"", settings.ADMIN_PATH.partition("/")[0]}
    firsts = {first for first in firsts if "." not in first}  # no path of the admin holds a dot
    others = {"health", "mail", "metrics", "ready", "static"}  # /mail/webhooks/ is there if there is a secret
    assert firsts | others == TAKEN
