"""Text at 200 % on a phone: nothing is cut off, pushed out of the page or broken in the middle of a word."""

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from apps.accounts.models import Invitation, User
from apps.wellbeing.models import Option
from tests.e2e.conftest import OpenPage
from tests.factories import EntryFactory, IngredientFactory, PortionFactory

pytestmark = pytest.mark.e2e

WIDTH = 375
# What stands wider than the page, or wider than what it stands in. Wide tables scroll by themselves.
OVERFLOWING = """() => {
  const found = [];
  for (const element of document.body.querySelectorAll("*")) {
    if (!element.checkVisibility() || element.closest(".visually-hidden, .scroll, .skip-link, svg")) continue;
    const box = element.getBoundingClientRect();
    if (box.width && box.right > innerWidth + 1) found.push(`wide: ${element.outerHTML.slice(0, 120)}`);
  }
  return found;
}"""
# A word that a browser broke has a letter on another line than the one before it. German has words of more than 13
# letters, which fit no line at that size; addresses and codes break anywhere.
BROKEN = """() => {
  const UNBREAKABLE = ".visually-hidden, script, option, textarea, code, .account-email, .menu-who";
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const parent = node.parentElement;
    if (!parent.checkVisibility() || parent.closest(UNBREAKABLE) || node.data.includes("@")) continue;
    for (const match of node.data.matchAll(/(?<![\\p{L}\\p{N}])[\\p{L}\\p{N}\\p{M}]{2,13}(?![\\p{L}\\p{N}])/gu)) {
      const range = document.createRange();
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
      if (lines.size > 1) found.push(`broken: ${match[0]} in ${parent.outerHTML.slice(0, 100)}`);
    }
  }
  return found;
}"""


def faults(page: Page) -> list[str]:
    page.evaluate("document.documentElement.style.fontSize = '200%'")  # as a browser does whose text is that large
    page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true })")
    return [*page.evaluate(OVERFLOWING), *page.evaluate(BROKEN)]


@pytest.fixture
def paths(eva: User) -> list[str]:
    """Every page that a person of the staff opens, with a diary of ordinary names."""
    eva.is_staff = True
    eva.save()
    now = timezone.now()
    latte = IngredientFactory.create(container__owner=eva, container__name="Latte macchiato", edible__name="Milk")
    meal = PortionFactory.create(
        meal__owner=eva,
        meal__title="Breakfast with friends",
        meal__eaten_at=now,
        edible=latte.container,
        amount=250,
        unit="ml",
    ).meal
    option = Option.objects.filter(category__owner=eva)[0]
    entry = EntryFactory.create(option=option, recorded_at=now, notes="Slept very well")
    Invitation.objects.create(email="carol@example.org", token_hash="x", expires_at=now)
    return [
        "/",
        f"/day/{timezone.localdate()}/",
        "/meals/",
        "/meals/?q=friends",
        f"/meals/{meal.pk}/",
        "/edibles/",
        "/edibles/new/",
        f"/edibles/{latte.container_id}/",
        f"/edibles/{latte.edible_id}/",
        f"/edibles/{latte.container_id}/edit/",
        "/wellbeing/",
        f"/wellbeing/entries/{entry.pk}/",
        "/wellbeing/categories/",
        "/wellbeing/categories/new/",
        f"/wellbeing/categories/{entry.category_id}/",
        "/insights/",
        "/insights/how/",
        f"/insights/{entry.category_id}/",
        "/data/",
        "/account/",
        "/account/events/",
        "/account/invitations/",
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/sessions/",
        "/accounts/2fa/",
        "/accounts/2fa/webauthn/",
        "/accounts/logout/",
        "/accounts/reauthenticate/",
        "/account/delete/",
        "/privacy/",
    ]


@pytest.mark.parametrize("language", ["en", "de"])
def test_pages_hold_text_of_twice_the_size(open_page: OpenPage, eva: User, paths: list[str], language: str) -> None:
    User.objects.update(language=language)
    page = open_page("/", width=WIDTH)
    found = {}
    for path in paths:
        page.goto(path)
        if faulty := faults(page):
            found[path] = faulty
    assert found == {}


@pytest.mark.parametrize("hours", ["", "12"])
def test_the_form_of_a_meal_holds_it_too(open_page: OpenPage, eva: User, hours: str) -> None:
    User.objects.update(hour_format=hours)
    page = open_page("/", width=WIDTH)
    page.get_by_role("combobox", name="Edible").fill("Wholegrain toast")
    page.keyboard.press("Enter")
    assert faults(page) == []


def test_pages_of_strangers_hold_it_too(open_page: OpenPage, client: Client) -> None:
    page = open_page("/accounts/login/", width=WIDTH, signed_in=False)
    found = {}
    for path in (
        "login/",
        "signup/",
        "password/reset/",
        "password/reset/done/",
        "confirm-email/",
        "confirm-email/bad/",
    ):
        page.goto(f"/accounts/{path}")
        if faulty := faults(page):
            found[path] = faulty
    assert found == {}


def test_a_printed_day_holds_no_forms(open_page: OpenPage, paths: list[str]) -> None:
    page = open_page("/")
    page.emulate_media(media="print")
    assert page.get_by_text("Breakfast with friends").first.is_visible()
    for selector in ("form", "input", "textarea", "button", ".tabs", ".menu"):
        shown = [
            each.evaluate("e => e.outerHTML.slice(0, 80)") for each in page.locator(selector).all() if each.is_visible()
        ]
        assert (selector, shown) == (selector, [])
