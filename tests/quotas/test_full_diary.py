"""A diary that has reached every limit: what its pages show is bounded, whatever is in it.

The limits are small here, but larger than what one page shows; `python -m benchmarks.attacks.full_diary` takes the real
ones.
"""

import re
from datetime import UTC, datetime

import pytest
from django.conf import settings as site
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from apps.accounts.models import User
from apps.edibles.models import Ingredient
from apps.meals.models import Portion
from apps.wellbeing.models import Option
from benchmarks.attacks.full_diary import MOST_BYTES, fill, look, pages
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

TODAY = datetime(2026, 3, 1, 20, tzinfo=UTC)
FULL = site.DIARY_QUOTAS | {
    "foods": 300,
    "containers_of_food": 250,
    "ingredients": 1500,
    "meals": 90,
    "portions": 4100,
    "meals_of_day": 50,
    "categories": 32,
    "active_categories": 28,
    "steps_of_category": 25,
    "entries": 450,
    "entries_of_day": 200,
}
FEW = {key: min(most, 12) for key, most in FULL.items()} | {"portions": 144, "entries": 24, "meals": 24}


def diary(settings: Settings, quotas: dict[str, int]) -> User:
    settings.DIARY_QUOTAS = quotas
    owner = UserFactory.create()
    fill(owner, today=TODAY)
    return owner


@pytest.fixture
def full(settings: Settings) -> User:
    return diary(settings, FULL)


def signed_in(owner: User) -> Client:
    browser = Client()
    browser.force_login(owner)
    browser.get("/")
    return browser


def test_the_diary_is_at_its_limits(full: User) -> None:
    assert full.edibles.count() == FULL["foods"]
    assert Ingredient.objects.count() == FULL["ingredients"]
    assert full.meals.count() == FULL["meals"]
    assert FULL["portions"] - FULL["meals"] < Portion.objects.count() <= FULL["portions"]
    assert Option.objects.count() == FULL["categories"] * FULL["steps_of_category"]
    assert full.categories.active().count() == FULL["active_categories"]
    assert full.entries.count() == FULL["entries"]


def test_no_page_is_larger_than_promised(full: User) -> None:
    browser = signed_in(full)
    seen = [look(browser, page) for page in pages(full)]
    assert [str(one) for one in seen if one.size >= MOST_BYTES] == []
    assert {one.status for one in seen} == {200, 422}


def test_pages_take_as_many_queries_as_for_few_rows(settings: Settings) -> None:
    counted = []
    for quotas in (FEW, FULL):
        owner = diary(settings, quotas)
        browser = signed_in(owner)
        counts = {}
        for page in pages(owner):
            if page.data is None:
                with CaptureQueriesContext(connection) as queries:
                    look(browser, page)
                counts[page.name] = len(queries)
        counted.append(counts)
    few, many = counted
    # Where few are found, what contains them is asked for too; where none are used, nothing is asked about them.
    assert {name: (few[name], many[name]) for name in few if many[name] > few[name] + 1} == {}


def test_every_part_of_a_check_in_can_be_saved(full: User) -> None:
    browser = signed_in(full)
    page = browser.get("/day/2026-02-01/?part=2").content.decode()
    assert "Part 2 of" in page
    category, step = re.findall(r'name="(category-\d+)" value="(\d+)"', page)[0]
    data = {"part": "2", category: step, "recorded_at": "2026-02-01T13:00"}
    full.entries.all().delete()
    assert browser.post("/day/2026-02-01/check-in/", data).status_code == 302
    assert full.entries.get().option_id == int(step)


def test_parts_show_every_category_once(full: User) -> None:
    browser = signed_in(full)
    count = browser.get("/").context["check_in_form"].page.paginator.num_pages
    parts = [browser.get(f"/?part={n}").context["check_in_form"] for n in range(1, count + 1)]
    assert count > 1
    shown = [scale.field.scale.pk for form in parts for scale in form.scales()]
    assert sorted(shown) == sorted(full.categories.active().values_list("pk", flat=True))


def test_a_day_shows_every_meal_on_one_of_its_pages(full: User) -> None:
    browser = signed_in(full)
    pages = [browser.get(f"/day/2026-03-01/?page={n}").context["timeline"] for n in range(1, 20)]
    last = pages[0].paginator.num_pages
    meals = [moment.meal.pk for page in pages[:last] for moment in page if moment.meal]
    entries = [entry.pk for page in pages[:last] for moment in page for entry in moment.entries]
    assert len(meals) == len(set(meals)) == FULL["meals_of_day"]
    assert len(entries) == len(set(entries)) == FULL["entries_of_day"]


def test_a_page_of_categories_shows_each_once(full: User) -> None:
    browser = signed_in(full)
    shown = []
    for number in (1, 2):
        context = browser.get(f"/wellbeing/categories/?page={number}").context
        shown += [row.pk for rows in (context["active"], context["archived"]) for row in rows]
    assert sorted(shown) == sorted(full.categories.values_list("pk", flat=True))


def test_a_changed_step_is_all_that_is_written(full: User) -> None:
    browser = signed_in(full)
    category = full.categories.first()
    assert category is not None
    rows = list(category.options.all())
    form = {"name": "Changed", "higher_is_better": "True", "options-INITIAL_FORMS": len(rows)}
    form |= {"options-TOTAL_FORMS": len(rows)}
    for place, row in enumerate(rows):
        values = {"pk": row.pk, "label": row.label, "value": row.value, "color": row.color, "order": row.order}
        form |= {f"options-{place}-{key}": value for key, value in values.items()}
    form["options-3-value"] = 999
    with CaptureQueriesContext(connection) as queries:
        assert browser.post(f"/wellbeing/categories/{category.pk}/", form).status_code == 302
    written = [query for query in queries if query["sql"].startswith('UPDATE "wellbeing_option"')]
    assert len(written) == 2  # aside, and to its new value
    assert category.options.get(pk=rows[3].pk).value == 999
