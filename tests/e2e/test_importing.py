from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from tests.e2e.conftest import OpenPage
from tests.factories import PASSWORD
from tests.portability.test_data_pages import MOODS

pytestmark = pytest.mark.e2e


@pytest.fixture
def moods(tmp_path: Path) -> Path:
    file = tmp_path / "daylio.csv"
    file.write_bytes(MOODS)
    return file


def show_who_one_is(page: Page) -> None:
    page.get_by_role("link", name="Confirm it’s you").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Bring a diary in")).to_be_visible()


def test_a_file_is_chosen_once_looked_at_answered_and_imported(open_page: OpenPage, eva: User, moods: Path) -> None:
    page = open_page("/data/")
    show_who_one_is(page)
    page.get_by_label("Daylio").check()
    page.get_by_label("File").set_input_files(moods)
    page.get_by_role("button", name="Show what it would add").click()
    expect(page.get_by_text("Choose a value for each mood")).to_be_visible()
    page.get_by_label("Müde").select_option(label="Bad (2)")
    page.get_by_role("button", name="Look again").click()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("Imported: 2 entries.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Monday")
    assert eva.entries.count() == 2


def test_the_same_without_a_script_asks_for_the_file_once_more(open_page: OpenPage, eva: User, moods: Path) -> None:
    page = open_page("/data/", java_script_enabled=False)
    show_who_one_is(page)
    page.get_by_label("Daylio").check()
    page.get_by_label("File").set_input_files(moods)
    page.get_by_role("button", name="Show what it would add").click()
    page.get_by_label("Müde").select_option(label="Bad (2)")
    page.get_by_label("File").set_input_files(moods)
    page.get_by_role("button", name="Look again").click()
    page.get_by_label("File").set_input_files(moods)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("Imported: 2 entries.")).to_be_visible()
    assert eva.entries.count() == 2
