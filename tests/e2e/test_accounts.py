"""Accounts as people use them: in a browser, with the links of the mails that a real SMTP server received."""

import re
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect
from pytest_django import Settings

from apps.accounts.models import User
from tests.e2e.conftest import OpenPage
from tests.e2e.inbox import Inbox, smtp_server
from tests.factories import PASSWORD

pytestmark = pytest.mark.e2e

NEW_PASSWORD = "rye-bread-at-dawn"
TODAY = re.compile(r"/$")


@pytest.fixture(autouse=True)
def inbox(settings: Settings) -> Iterator[Inbox]:
    inbox = Inbox()
    server = smtp_server(inbox)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    yield inbox
    server.stop()


def log_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in", exact=True).click()


def log_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Log out").click()
    expect(page.get_by_role("link", name="Log in").first).to_be_visible()


def show_that_it_is_me(page: Page) -> None:
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def expect_today(page: Page) -> None:
    expect(page).to_have_url(TODAY)
    expect(page.get_by_role("combobox", name="Edible")).to_be_visible()


def test_somebody_signs_up_verifies_the_address_and_logs_in(open_page: OpenPage, inbox: Inbox) -> None:
    page = open_page("/accounts/signup/", signed_in=False)
    page.get_by_label("E-mail address").fill("carol@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("I agree that FoodMood stores").check()
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    link = inbox.next_link_to("carol@example.org")

    phone = open_page(link, signed_in=False)
    expect(phone.get_by_text("carol@example.org")).to_be_visible()
    phone.get_by_label("New password", exact=True).fill(NEW_PASSWORD)
    phone.get_by_label("New password once more").fill(NEW_PASSWORD)
    phone.get_by_role("button", name="Confirm and open my diary").click()
    phone.get_by_label("I agree that FoodMood stores").check()
    phone.get_by_role("button", name="Agree and go on").click()
    expect_today(phone)

    page.goto(link)
    expect(page.get_by_text("This address is verified already.")).to_be_visible()


def test_somebody_verifies_in_the_same_browser_and_is_in(open_page: OpenPage, inbox: Inbox) -> None:
    page = open_page("/accounts/signup/", signed_in=False)
    page.get_by_label("E-mail address").fill("carol@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("I agree that FoodMood stores").check()
    page.get_by_role("button", name="Sign up").click()
    page.goto(inbox.next_link_to("carol@example.org"))
    page.get_by_role("button", name="Yes, it is mine").click()
    expect_today(page)


def test_a_forgotten_password_is_set_anew(open_page: OpenPage, eva: User, inbox: Inbox) -> None:
    page = open_page("/accounts/login/", signed_in=False)
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("E-mail address").fill(eva.email)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    link = inbox.next_link_to(eva.email)

    page.goto(link)
    page.get_by_label("New password", exact=True).fill(NEW_PASSWORD)
    page.get_by_label("New password once more").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Set it").click()
    expect_today(page)
    assert "password" in inbox.next_to(eva.email)

    page.goto("/account/")
    log_out(page)
    log_in(page, eva.email, NEW_PASSWORD)
    expect_today(page)

    page.goto("/account/")
    log_out(page)
    page.goto(link)
    expect(page.get_by_text("This link does not work")).to_be_visible()


def test_log_in_takes_two_steps_with_the_app_or_a_recovery_code(
    open_page: OpenPage, eva: User, inbox: Inbox, settings: Settings
) -> None:
    settings.MFA_TOTP_TOLERANCE = 1  # a slow machine may take longer than a period
    page = open_page("/account/")
    page.get_by_role("link", name="Two-step log-in").click()
    page.get_by_role("link", name="Set up the app").click()
    show_that_it_is_me(page)
    expect(page.get_by_role("img", name="QR code of the key below")).to_be_visible()
    secret = page.locator("#authenticator_secret").inner_text()

    def code(later: int = 0) -> str:
        return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later)))

    page.get_by_label("Code from the app").fill(code())
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    recovery_code = page.locator("#recovery_codes code").first.inner_text()
    inbox.next_to(eva.email)
    log_out(page)

    log_in(page, eva.email)
    expect(page.get_by_role("heading", name="The second step")).to_be_visible()
    page.get_by_label("Code").fill("000000x")
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_text("That is not the right code")).to_be_visible()
    page.get_by_label("Code").fill(code(later=1))  # the one before it was used up
    page.get_by_role("button", name="Log in", exact=True).click()
    expect_today(page)
    log_out(page)

    log_in(page, eva.email)
    page.get_by_label("Code").fill(recovery_code)
    page.get_by_role("button", name="Log in", exact=True).click()
    expect_today(page)


def give_a_key(page: Page) -> None:
    """A finger that is always laid on, as Chromium simulates it."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": kind | {"isUserVerified": True, "automaticPresenceSimulation": True}},
    )


def test_a_passkey_opens_the_diary_without_a_password(open_page: OpenPage, eva: User, inbox: Inbox) -> None:
    page = open_page("/accounts/2fa/")
    give_a_key(page)
    page.get_by_role("link", name="Add a passkey").click()
    show_that_it_is_me(page)
    page.wait_for_url("**/2fa/webauthn/add/")  # and for its scripts: before them its button does nothing
    page.get_by_label("Name").fill("My phone")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("The passkey is added.")).to_be_visible()
    inbox.next_to(eva.email)
    log_out(page)

    page.goto("/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()
    expect_today(page)
    log_out(page)

    log_in(page, eva.email)
    page.wait_for_url("**/2fa/authenticate/")  # as above
    page.get_by_role("button", name="Use your passkey instead").click()
    expect_today(page)

    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_text("My phone")).to_be_visible()
    page.get_by_role("link", name="Remove").click()
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    expect(page.get_by_label("Password")).not_to_be_visible()  # it alone turns nothing off
    page.get_by_role("link", name=re.compile("key", re.IGNORECASE)).click()
    page.wait_for_url("**/2fa/webauthn/reauthenticate/**")  # as above
    page.get_by_role("button", name="Use your passkey").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("The passkey is removed.")).to_be_visible()


def test_who_has_no_passkey_is_told_so_on_the_page(open_page: OpenPage) -> None:
    page = open_page("/accounts/login/", signed_in=False)
    give_a_key(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("That did not work")


def test_another_browser_is_logged_out_from_this_one(open_page: OpenPage, eva: User) -> None:
    phone = open_page("/", signed_in=False, user_agent="Mozilla/5.0 (Android 14; Mobile; rv:130.0) Firefox/130.0")
    log_in(phone, eva.email)
    expect_today(phone)
    page = open_page("/accounts/sessions/")
    expect(page.get_by_text("this device")).to_be_visible()
    page.get_by_role("listitem").filter(has_text="Firefox on Android").get_by_role("button").click()
    expect(page.get_by_text("That device is logged out.")).to_be_visible()
    expect(page.get_by_text("Firefox on Android")).to_have_count(0)
    phone.reload()
    expect(phone.get_by_role("heading", name="Welcome back")).to_be_visible()
    expect(page.get_by_text("this device")).to_be_visible()
