from html.parser import HTMLParser

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.wellbeing.models import Category
from tests.factories import CategoryFactory, EntryFactory, OptionFactory, PortionFactory
from tests.insights.diaries import FORBIDDEN, always_together, demo, keep

pytestmark = pytest.mark.django_db

QUERIES_OF_ANY_PAGE = 2  # the session and who it is
QUERIES = QUERIES_OF_ANY_PAGE + 5  # the diary's four, and the categories


class Words(HTMLParser):
    """What of a page is read, in the order it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_data(self, data: str) -> None:
        self.found += data.split()


def parsed(client: Client, path: str = "/insights/") -> Words:
    words = Words()
    answer = client.get(path)
    assert answer.status_code == 200
    words.feed(answer.content.decode())
    return words


def read(client: Client, path: str = "/insights/") -> str:
    return " ".join(parsed(client, path).found)


def mood_of(owner: User) -> Category:
    return owner.categories.get(name="Mood")


def test_an_empty_diary_is_taught_what_insights_need(alices: Client) -> None:
    assert "For that they need both" in read(alices)


def test_without_meals_the_page_says_that_they_are_missing(alices: Client, alice: User) -> None:
    EntryFactory.create(option__category__owner=alice)
    assert "There are no meals in your diary yet" in read(alices)


def test_without_entries_the_page_says_that_they_are_missing(alices: Client, alice: User) -> None:
    PortionFactory.create(meal__owner=alice)
    assert "You have not rated how you feel yet" in read(alices)


def test_what_acts_is_worth_a_trial_with_window_estimate_and_counts(alices: Client, alice: User) -> None:
    keep(alice, demo())
    page = read(alices)
    assert "Milk 4–12 hours after eating" in page
    assert "Bloating was about 1.2 steps higher (95 %: 0.9 to 1.4) , which is worse for you." in page
    assert "Compared: 74 entries with, 167 without." in page


def test_a_rise_is_better_where_higher_is(alices: Client, alice: User) -> None:
    keep(alice, demo())
    alice.categories.filter(name="Bloating").update(higher_is_better=True)
    assert "which is better for you" in read(alices)


def test_every_estimate_is_drawn_with_a_title_and_a_description(alices: Client, alice: User) -> None:
    keep(alice, demo())
    page = alices.get("/insights/").content.decode()
    drawings = page.count('class="interval')
    assert drawings >= 2
    assert page.count('<title id="title-') == page.count('<desc id="desc-') == drawings


@pytest.mark.parametrize("path", ["/insights/", "/insights/{mood}/"])
def test_ids_are_unique(alices: Client, alice: User, path: str) -> None:
    keep(alice, demo())
    ids = parsed(alices, path.format(mood=mood_of(alice).pk)).ids
    assert len(ids) == len(set(ids))


def test_foods_always_eaten_together_are_one_answer_that_names_both(alices: Client, alice: User) -> None:
    keep(alice, always_together())
    page = alices.get("/insights/").content.decode()
    assert page.count('<section class="finding"') == 1
    assert "whether it is Bread or Butter" in page


def test_too_little_data_says_what_is_missing(alices: Client, alice: User) -> None:
    keep(alice, demo(days=5))
    page = read(alices)
    assert "there is too little to compare yet" in page
    assert "more days" in page


def test_a_category_in_use_that_was_never_rated_has_a_card(alices: Client, alice: User) -> None:
    PortionFactory.create(meal__owner=alice)
    CategoryFactory.create(owner=alice, name="Calm")
    assert "Calm Too little data You have not rated this yet" in read(alices)


def test_an_archived_category_with_entries_has_a_card_that_says_so(alices: Client, alice: User) -> None:
    category = CategoryFactory.create(owner=alice, name="Calm", is_active=False)
    EntryFactory.create(option=OptionFactory.create(category=category))
    assert "Calm Archived" in read(alices)


def test_an_archived_category_that_was_never_rated_has_none(alices: Client, alice: User) -> None:
    PortionFactory.create(meal__owner=alice)
    CategoryFactory.create(owner=alice, name="Calm", is_active=False)
    assert "Calm" not in read(alices)


def test_the_page_of_a_category_lists_its_comparisons(alices: Client, alice: User) -> None:
    keep(alice, demo())
    page = alices.get(f"/insights/{mood_of(alice).pk}/").content.decode()
    assert page.count('<tr role="row">') > 20


def test_the_page_of_a_category_never_rated_says_what_it_takes(alices: Client, alice: User) -> None:
    category = CategoryFactory.create(owner=alice)
    assert "For a first answer it takes" in read(alices, f"/insights/{category.pk}/")


def test_how_insights_work_is_explained(alices: Client) -> None:
    assert "is not a diagnosis" in read(alices, "/insights/how/")


@pytest.mark.parametrize("path", ["/insights/", "/insights/how/", "/insights/{mood}/"])
def test_no_page_says_more_than_a_diary_can(alices: Client, alice: User, path: str) -> None:
    keep(alice, demo())
    page = read(alices, path.format(mood=mood_of(alice).pk)).lower()
    assert not [word for word in FORBIDDEN if word in page]


def test_a_stranger_sees_nothing_of_it(bobs: Client, alice: User) -> None:
    keep(alice, demo(days=5))
    assert "Bloating" not in read(bobs)
    assert bobs.get(f"/insights/{mood_of(alice).pk}/").status_code == 404


@pytest.mark.parametrize("path", ["/insights/", "/insights/how/", "/insights/1/"])
def test_who_is_not_signed_in_is_sent_to_log_in(client: Client, path: str) -> None:
    assert client.get(path).headers["Location"] == f"/accounts/login/?next={path}"


def test_no_cache_keeps_it(alices: Client, alice: User) -> None:
    keep(alice, demo(days=5))
    assert alices.get("/insights/").headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", ["/insights/", "/insights/{mood}/"])
@pytest.mark.parametrize("days", [3, 110])
def test_a_long_diary_takes_as_many_queries_as_a_short_one(
    alices: Client, alice: User, django_assert_num_queries: DjangoAssertNumQueries, days: int, path: str
) -> None:
    keep(alice, demo(days))  # 9 entries for each category, or 330
    path = path.format(mood=mood_of(alice).pk)
    with django_assert_num_queries(QUERIES):
        alices.get(path)
