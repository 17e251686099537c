from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.wellbeing.models import Option
from tests.e2e.conftest import OpenPage
from tests.factories import EntryFactory, PortionFactory

pytestmark = pytest.mark.e2e

both_schemes = pytest.mark.parametrize("scheme", ["light", "dark"])
both_widths = pytest.mark.parametrize("width", [375, 1280])


def violations(page: Page) -> list[str]:
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
