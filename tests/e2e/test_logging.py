import time

import pytest
from playwright.sync_api import expect

from apps.accounts.models import User
from apps.journal import actions
from apps.meals import forms
from tests.e2e.conftest import OpenPage
from tests.factories import EdibleFactory, PortionFactory
from tests.meanwhile import just_before

pytestmark = pytest.mark.e2e


def test_a_meal_is_logged_with_the_keyboard_alone(open_page: OpenPage, eva: User) -> None:
    EdibleFactory.create(owner=eva, name="Oat milk")
    page = open_page("/")
    field = page.get_by_role("combobox", name="Edible")
    field.focus()
    page.keyboard.type("oat")
    expect(page.get_by_role("option", name="Oat milk")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("Banana")
    page.keyboard.press("Enter")
    expect(page.locator(".portion")).to_have_count(2)
    page.keyboard.press("Enter")  # nothing typed: the meal is saved
    expect(page.get_by_role("status").filter(has_text="Logged: Oat milk, Banana")).to_be_visible()
    expect(page.locator("#timeline")).to_contain_text("Banana")
    expect(page.locator(".portion")).to_have_count(0)
    expect(field).to_be_focused()
    assert [portion.edible.name for portion in eva.meals.get().portions.all()] == ["Oat milk", "Banana"]


@pytest.mark.parametrize("how", ["a double tap", "the keyboard"])
def test_an_impatient_second_try_logs_a_meal_once(
    open_page: OpenPage, eva: User, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    just_before(monkeypatch, forms, "save_meal", lambda: time.sleep(1))
    page = open_page("/")
    field = page.get_by_role("combobox", name="Edible")
    field.fill("Toast")
    field.press("Enter")
    if how == "a double tap":
        page.get_by_role("button", name="Save the meal").dblclick()
    else:
        field.press("Enter")
        field.press("Enter")
    expect(page.get_by_role("button", name="Save the meal")).to_be_disabled()
    expect(page.get_by_role("status").filter(has_text="Logged: Toast")).to_be_visible()
    expect(field).to_be_focused()
    expect(page.get_by_role("button", name="Save the meal")).to_be_enabled()
    assert eva.meals.count() == 1


def test_an_impatient_second_tap_saves_a_check_in_once(
    open_page: OpenPage, eva: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    just_before(monkeypatch, actions, "check_in", lambda: time.sleep(1))
    page = open_page("/")
    page.get_by_text("How do you feel?").click()
    page.get_by_role("group", name="Mood").get_by_text("Great").click()
    page.get_by_role("button", name="Save the check-in").dblclick()
    expect(page.get_by_role("button", name="Save the check-in")).to_be_disabled()
    expect(page.locator("#timeline")).to_contain_text("Great")
    assert eva.entries.count() == 1


def test_the_arrow_offers_the_usual_things_and_escape_takes_them_back(open_page: OpenPage, eva: User) -> None:
    PortionFactory.create(meal__owner=eva, edible__name="Oats")
    page = open_page("/")
    field = page.get_by_role("combobox", name="Edible")
    field.focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", name="Oats")).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(page.get_by_role("option", name="Oats")).to_be_hidden()
    expect(field).to_have_attribute("aria-expanded", "false")


def test_a_new_edible_is_created_by_a_tap_and_gets_an_amount(open_page: OpenPage, eva: User) -> None:
    page = open_page("/")
    page.get_by_role("combobox", name="Edible").fill("Lentil soup")
    page.get_by_role("option", name="Create “Lentil soup”").click()
    page.locator(".portion summary").click()
    page.locator(".portion").get_by_label("Amount").fill("1,5")
    page.locator(".portion").get_by_label("Unit").fill("bowls")
    page.get_by_role("button", name="Save the meal").click()
    expect(page.locator("#timeline")).to_contain_text("1.5 bowls")


def test_a_chip_can_be_taken_back(open_page: OpenPage, eva: User) -> None:
    page = open_page("/")
    field = page.get_by_role("combobox", name="Edible")
    field.fill("Toast")
    field.press("Enter")
    page.get_by_role("button", name="Remove Toast").click()
    expect(page.locator(".portion")).to_have_count(0)
    expect(field).to_be_focused()


def test_what_is_typed_but_not_chosen_counts(open_page: OpenPage, eva: User) -> None:
    page = open_page("/")
    page.get_by_role("combobox", name="Edible").fill("Toast")
    page.get_by_role("button", name="Save the meal").click()
    expect(page.locator("#timeline")).to_contain_text("Toast")


def test_the_category_follows_the_clock_until_somebody_chooses(open_page: OpenPage, eva: User) -> None:
    form = open_page("/day/2026-03-01/").locator("#log-meal")
    category = form.get_by_label("Category")
    expect(category).to_have_value("LUNCH")
    form.get_by_label("Time", exact=True).fill("08:00")
    expect(category).to_have_value("BREAKFAST")
    category.select_option("DRINK")
    form.get_by_label("Time", exact=True).fill("1900")
    expect(category).to_have_value("DRINK")


def test_a_check_in_is_saved_in_place(open_page: OpenPage, eva: User) -> None:
    page = open_page("/")
    page.get_by_text("How do you feel?").click()
    page.get_by_role("group", name="Mood").get_by_text("Great").click()
    page.get_by_role("group", name="Energy").get_by_text("Tired").click()
    page.get_by_role("button", name="Save the check-in").click()
    expect(page.locator("#timeline")).to_contain_text("Tired")
    assert [entry.option.label for entry in eva.entries.order_by("pk")] == ["Great", "Tired"]


def test_a_second_tap_takes_a_rating_back(open_page: OpenPage, eva: User) -> None:
    page = open_page("/")
    page.get_by_text("How do you feel?").click()
    great = page.get_by_role("group", name="Mood").get_by_text("Great")
    radio = page.get_by_role("group", name="Mood").get_by_role("radio", name="Great")
    great.click()
    expect(radio).to_be_checked()
    great.click()
    expect(radio).not_to_be_checked()


def test_a_meal_is_logged_without_a_script(open_page: OpenPage, eva: User) -> None:
    page = open_page("/", java_script_enabled=False)
    page.get_by_label("Edible").first.fill("Oats")
    page.get_by_label("Another edible").first.fill("Milk")
    page.get_by_label("Amount").nth(1).fill("200")
    page.get_by_role("button", name="Save the meal").click()
    expect(page.locator("#timeline")).to_contain_text("Milk 200")


def test_a_check_in_is_saved_without_a_script(open_page: OpenPage, eva: User) -> None:
    page = open_page("/", java_script_enabled=False)
    page.get_by_text("How do you feel?").click()
    page.get_by_role("group", name="Mood").get_by_text("Great").click()
    page.get_by_role("button", name="Save the check-in").click()
    expect(page.locator("#timeline")).to_contain_text("Great")


def test_a_meal_is_deleted_without_a_script(open_page: OpenPage, eva: User) -> None:
    meal = PortionFactory.create(meal__owner=eva).meal
    page = open_page(f"/meals/{meal.pk}/", java_script_enabled=False)
    page.get_by_text("Delete this meal").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("The meal is deleted.")).to_be_visible()
    assert not eva.meals.exists()
