"""A diary full of scripts in a real browser: none runs, and none tries, for the console would tell of the CSP."""

import pytest
from playwright.sync_api import Dialog

from apps.accounts.models import User
from tests.e2e.conftest import OpenPage
from tests.isolation.diary import Diary
from tests.isolation.table import PEOPLE, table
from tests.isolation.test_scripts import fill_with_scripts

pytestmark = pytest.mark.e2e

EVAS = Diary.of("Evasownmark", 74_000_000)
DOWNLOADS = {"data/export/", "data/export/tables/", "accounts/2fa/recovery-codes/download/"}  # a browser saves them
PAGES = [
    row.path(EVAS) for row in table() if row.who is PEOPLE and "GET" in row.answered and row.route not in DOWNLOADS
]


@pytest.fixture
def eva(transactional_db: None) -> User:
    """With a script in every text."""
    owner = EVAS.write()
    EVAS.take_two_steps()
    fill_with_scripts(EVAS)
    return User.objects.get(pk=owner.pk)


def test_no_script_in_a_diary_runs_in_a_browser(open_page: OpenPage) -> None:
    opened: list[str] = []

    def note(dialog: Dialog) -> None:
        opened.append(dialog.message)
        dialog.dismiss()

    page = open_page("/")
    page.on("dialog", note)
    for path in PAGES:
        page.goto(path)
        page.locator("summary").evaluate_all("all => all.forEach(one => { one.parentElement.open = true })")
        assert page.locator("img[onerror], script:not([src], [type='application/json'])").count() == 0, path
    page.goto("/")
    page.get_by_role("combobox").first.press_sequentially("evasown")  # suggestions come by htmx
    page.locator(".suggestions [role=option]").first.click()
    page.locator(".portion-name", has_text="<script>").first.wait_for()
    assert opened == []
