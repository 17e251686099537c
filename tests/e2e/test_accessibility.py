from typing import Literal

import pytest
from allauth.account.models import EmailAddress
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from apps.accounts.models import Invitation, User
from apps.wellbeing.models import Option
from tests.e2e.conftest import OpenPage
from tests.factories import PASSWORD, EntryFactory, PortionFactory

pytestmark = pytest.mark.e2e

both_schemes = pytest.mark.parametrize("scheme", ["light", "dark"])
both_widths = pytest.mark.parametrize("width", [375, 1280])


def violations(page: Page) -> list[str]:
    page.wait_for_load_state()
    results = Axe().run(page)
    return [f"{found['id']}: {node['html']}" for found in results.response["violations"] for node in found["nodes"]]


@pytest.fixture
def diary(eva: User) -> User:
    PortionFactory.create(meal__owner=eva, meal__eaten_at=timezone.now(), meal__notes="Warm", amount=40, unit="g")
    option = Option.objects.filter(category__owner=eva)[0]
    EntryFactory.create(option=option, recorded_at=timezone.now(), notes="Tired")
    return eva


@both_schemes
@both_widths
def test_today_can_be_used_by_everybody(
    open_page: OpenPage, diary: User, width: int, scheme: Literal["light", "dark"]
) -> None:
    page = open_page("/", width=width, color_scheme=scheme)
    page.get_by_text("How do you feel?").click()
    page.get_by_role("combobox", name="Edible").fill("Toast")
    page.keyboard.press("Enter")
    page.locator(".portion summary").click()
    page.get_by_role("combobox", name="Edible").fill("a")
    expect(page.get_by_role("listbox")).to_be_visible()
    assert violations(page) == []


@both_schemes
def test_a_refused_meal_can_be_mended_by_everybody(
    open_page: OpenPage, diary: User, scheme: Literal["light", "dark"]
) -> None:
    page = open_page("/", color_scheme=scheme)
    page.get_by_role("combobox", name="Edible").fill("Toast")
    page.keyboard.press("Enter")
    page.locator(".portion summary").click()
    page.locator(".portion").get_by_label("Amount").fill("two")
    page.get_by_role("button", name="Save the meal").click()
    expect(page.get_by_text("Amount of “Toast”: write a number")).to_be_visible()
    expect(page.locator(".portion").get_by_label("Amount")).to_be_focused()
    assert violations(page) == []


@both_schemes
@both_widths
def test_the_pages_of_meals_can_be_used_by_everybody(
    open_page: OpenPage, diary: User, width: int, scheme: Literal["light", "dark"]
) -> None:
    page = open_page("/meals/", width=width, color_scheme=scheme)
    assert violations(page) == []
    page.locator(".meal-name a").click()
    page.get_by_text("Delete this meal").click()
    assert violations(page) == []


ENTRANCE = ("login/", "signup/", "password/reset/", "password/reset/done/", "confirm-email/", "confirm-email/bad/")
ACCOUNT = ("email/", "password/change/", "sessions/", "2fa/", "2fa/webauthn/", "reauthenticate/")
SURE = ("2fa/totp/activate/", "2fa/webauthn/add/")


@both_schemes
def test_the_way_in_can_be_used_by_everybody(open_page: OpenPage, scheme: Literal["light", "dark"]) -> None:
    page = open_page("/accounts/login/", signed_in=False, color_scheme=scheme)
    for path in ENTRANCE:
        page.goto(f"/accounts/{path}")
        assert violations(page) == []


@both_schemes
def test_the_pages_of_an_account_can_be_used_by_everybody(
    open_page: OpenPage, eva: User, scheme: Literal["light", "dark"]
) -> None:
    eva.is_staff = True
    eva.save()
    Invitation.objects.create(email="carol@example.org", token_hash="x", expires_at=timezone.now())
    page = open_page("/account/", color_scheme=scheme)
    assert violations(page) == []
    EmailAddress.objects.create(user=eva, email="other@example.org", verified=True)
    for path in ("invitations/", "review/"):
        page.goto(f"/account/{path}")
        assert violations(page) == []
    for path in (*ACCOUNT, *SURE):
        page.goto(f"/accounts/{path}")
        if path == SURE[0]:
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Go on").click()
            expect(page.get_by_role("img", name="QR code")).to_be_visible()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 375


@both_schemes
@both_widths
def test_leaving_can_be_done_by_everybody(
    open_page: OpenPage, eva: User, width: int, scheme: Literal["light", "dark"]
) -> None:
    page = open_page("/account/delete/", width=width, color_scheme=scheme)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Delete your account")).to_be_visible()
    page.get_by_role("button", name="Delete everything").click()
    assert violations(page) == []
    page.get_by_role("link", name="Privacy").click()
    page.wait_for_url("**/privacy/")
    assert violations(page) == []


@both_widths
def test_nothing_is_wider_than_the_page(open_page: OpenPage, diary: User, width: int) -> None:
    page = open_page("/", width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@both_schemes
def test_security_events_can_be_read_by_everybody(
    open_page: OpenPage, eva: User, scheme: Literal["light", "dark"]
) -> None:
    page = open_page("/account/events/", color_scheme=scheme)
    expect(page.get_by_text("Logged in")).to_be_visible()
    assert violations(page) == []
