"""Django's own pages under our policy: whatever it forbids would show in the console, which open_page watches."""

import pytest
from playwright.sync_api import expect

from apps.accounts.models import User
from tests.e2e.conftest import OpenPage
from tests.factories import PortionFactory

pytestmark = pytest.mark.e2e


def test_the_administration_works_under_the_policy(open_page: OpenPage, eva: User) -> None:
    eva.is_staff = eva.is_superuser = True
    eva.save()
    meal = PortionFactory.create(meal__owner=eva).meal
    page = open_page("/admin/", width=1280)
    for path in (
        "accounts/user/",
        f"accounts/user/{eva.pk}/change/",
        f"meals/meal/{meal.pk}/change/",
        "meals/meal/add/",
    ):
        page.goto(f"/admin/{path}")
        expect(page.locator("#content h1")).to_be_visible()
    page.get_by_text("Add another Portion").click()
    expect(page.locator("#portions-1")).to_be_visible()
    page.goto("/admin/audit/securityevent/")
    expect(page.get_by_role("link", name="Rights changed", exact=True).first).to_be_visible()
