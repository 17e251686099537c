from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.wellbeing.models import Category, Entry
from apps.wellbeing.starter import create_starter_categories
from tests.factories import NOON, CategoryFactory, EntryFactory, OptionFactory

pytestmark = pytest.mark.django_db

URL = reverse("wellbeing:history")


@pytest.fixture
def mood(alice: User) -> Category:
    return create_starter_categories(owner=alice)[0]


def rate(category: Category, value: int, moment: datetime = NOON) -> Entry:
    return EntryFactory.create(option=category.options.get(value=value), category=category, recorded_at=moment)


def test_entries_stand_under_their_local_days_newest_first(alices: Client, mood: Category) -> None:
    """In Berlin, 23:30 in London is the next day."""
    late = rate(mood, 1, datetime(2026, 3, 1, 23, 30, tzinfo=UTC))
    noon = rate(mood, 2, NOON)
    days = alices.get(URL).context["days"]
    assert days == [(date(2026, 3, 2), [late]), (date(2026, 3, 1), [noon])]


def test_a_stranger_sees_none_of_them(bobs: Client, mood: Category) -> None:
    rate(mood, 1)
    assert bobs.get(URL).context["days"] == []


def test_who_is_not_signed_in_is_sent_to_log_in(client: Client) -> None:
    assert client.get(URL).headers["Location"] == f"/accounts/login/?next={URL}"


def test_it_is_only_read(alices: Client) -> None:
    assert alices.post(URL).status_code == 405


def test_without_categories_it_leads_to_them(alices: Client) -> None:
    assert b"First choose what you want to rate" in alices.get(URL).content


def test_without_entries_it_leads_to_today(alices: Client, mood: Category) -> None:
    assert b"Rate today" in alices.get(URL).content


def test_one_category_can_be_shown_alone(alices: Client, alice: User, mood: Category) -> None:
    rate(mood, 1)
    energy = alice.categories.get(name="Energy")
    entry = rate(energy, 3)
    context = alices.get(URL, {"category": energy.pk}).context
    assert [entries for _, entries in context["days"]] == [[entry]]
    assert [chart.category for chart in context["charts"]] == [energy]


@pytest.mark.parametrize("garbage", ["mood", "0", "-1", "9" * 400, "\0", "1 OR 1=1"])
def test_a_category_that_is_none_is_not_found(alices: Client, mood: Category, garbage: str) -> None:
    assert alices.get(URL, {"category": garbage}).status_code == 404


def test_a_strangers_category_is_not_found(alices: Client, bob: User) -> None:
    assert alices.get(URL, {"category": CategoryFactory.create(owner=bob).pk}).status_code == 404


@pytest.mark.parametrize(("page", "number"), [("2", 2), ("99", 2), ("-1", 1), ("x", 1), ("9" * 4000, 2)])
def test_a_page_number_leads_to_the_nearest_page(alices: Client, mood: Category, page: str, number: int) -> None:
    many(mood, 51)
    assert alices.get(URL, {"page": page}).context["page"].number == number


def test_pages_keep_the_category(alices: Client, mood: Category) -> None:
    many(mood, 51)
    response = alices.get(URL, {"category": mood.pk})
    assert f'href="?category={mood.pk}&amp;page=2"' in response.content.decode()


def test_the_chart_says_in_words_what_it_shows(alices: Client, mood: Category) -> None:
    rate(mood, 2, timezone.now())
    rate(mood, 5, timezone.now() - timedelta(days=2))
    page = " ".join(alices.get(URL, {"category": mood.pk}).content.decode().split())
    assert "rated on 2 of 42 days. On average 3.5, on a scale from Awful (1) to Great (5)." in page
    assert page.count("chart-dot") == 2


def test_a_days_entries_are_one_dot_at_their_mean(alices: Client, mood: Category) -> None:
    rate(mood, 1, timezone.now())
    rate(mood, 5, timezone.now())
    (chart,) = alices.get(URL, {"category": mood.pk}).context["charts"]
    assert [(dot.x, dot.y) for dot in chart.dots] == [("332.0", "48.0")]


def test_archived_categories_are_drawn_when_asked_for_only(alices: Client, alice: User, mood: Category) -> None:
    alice.categories.filter(pk=mood.pk).update(is_active=False)
    assert mood not in [chart.category for chart in alices.get(URL).context["charts"]]
    assert [chart.category for chart in alices.get(URL, {"category": mood.pk}).context["charts"]] == [mood]


def test_a_category_with_one_step_has_no_chart(alices: Client, alice: User) -> None:
    EntryFactory.create(option=OptionFactory.create(category__owner=alice))
    response = alices.get(URL)
    assert (response.status_code, response.context["charts"]) == (200, [])


def test_no_style_and_no_script_stands_in_the_page(alices: Client, mood: Category) -> None:
    rate(mood, 1)
    page = alices.get(URL).content
    assert b" style=" not in page
    assert b"<style" not in page


@pytest.mark.parametrize("count", [10, 1000])
def test_the_number_of_queries_stays_the_same(
    alices: Client, mood: Category, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    many(mood, count)
    with django_assert_num_queries(7):
        alices.get(URL)


def many(category: Category, count: int) -> None:
    option = category.options.get(value=3)
    now = timezone.now()
    Entry.objects.bulk_create(
        Entry(owner=category.owner, category=category, option=option, recorded_at=now - timedelta(hours=n))
        for n in range(count)
    )
