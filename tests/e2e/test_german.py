import pytest

from apps.accounts.models import User
from tests.e2e.conftest import OpenPage
from tests.insights.diaries import demo, keep

pytestmark = pytest.mark.e2e


def test_the_longer_words_of_german_fit_a_phone(open_page: OpenPage, eva: User) -> None:
    keep(eva, demo())
    eva.language = "de"
    eva.save()
    mood = eva.categories.all()[0].pk
    page = open_page("/")
    for path in (
        *("/", "/meals/", "/edibles/", "/wellbeing/", "/wellbeing/categories/", f"/wellbeing/categories/{mood}/"),
        *("/insights/", f"/insights/{mood}/", "/data/", "/account/", "/accounts/email/"),
    ):
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == "de"
        for width in (320, 375):
            page.set_viewport_size({"width": width, "height": 812})
            assert (path, page.evaluate("document.documentElement.scrollWidth")) == (path, width)
