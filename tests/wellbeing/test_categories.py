import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.wellbeing import actions
from apps.wellbeing.models import Category, Option
from apps.wellbeing.starter import create_starter_categories
from tests.factories import CategoryFactory, EntryFactory, OptionFactory
from tests.meanwhile import just_before

pytestmark = pytest.mark.django_db

URL = reverse("wellbeing:categories")
POSTED = ["archive", "restore", "delete_category"]


@pytest.fixture
def mood(alice: User) -> Category:
    return CategoryFactory.create(owner=alice, name="Mood")


def to(name: str, category: Category) -> str:
    return reverse(f"wellbeing:{name}", args=[category.pk])


def test_active_and_archived_ones_stand_apart_in_the_order_of_their_making(alices: Client, alice: User) -> None:
    names = ["Mood", "Energy", "Acne", "Headache"]
    for name in names:
        CategoryFactory.create(owner=alice, name=name, is_active=name != "Headache")
    context = alices.get(URL).context
    assert [category.name for category in context["active"]] == ["Mood", "Energy", "Acne"]
    assert [category.name for category in context["archived"]] == ["Headache"]


def test_a_stranger_sees_none_of_them(bobs: Client, mood: Category) -> None:
    assert not bobs.get(URL).context["active"]


@pytest.mark.parametrize("count", [10, 1000])
def test_the_number_of_queries_stays_the_same(
    alices: Client, alice: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    categories = Category.objects.bulk_create(
        Category(owner=alice, name=f"Category {n}", is_active=n % 2 == 0) for n in range(count)
    )
    Option.objects.bulk_create(Option(category=category, label="Yes", value=1) for category in categories)
    with django_assert_num_queries(7):
        alices.get(URL)


def test_archiving_and_restoring_keep_the_entries(alices: Client, mood: Category) -> None:
    entry = EntryFactory.create(option__category=mood)
    alices.post(to("archive", mood))
    assert list(Category.objects.archived()) == [mood]
    alices.post(to("restore", mood))
    assert list(Category.objects.active()) == [mood]
    assert list(mood.entries.all()) == [entry]


@pytest.mark.parametrize("name", ["archive", "restore"])
def test_one_deleted_a_moment_ago_is_not_there(
    alices: Client, mood: Category, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    just_before(monkeypatch, actions, "set_active", Category.objects.all().delete)
    assert alices.post(to(name, mood)).status_code == 404


def test_one_without_entries_can_be_deleted(alices: Client, mood: Category) -> None:
    OptionFactory.create(category=mood)
    alices.post(to("delete_category", mood))
    assert not Category.objects.exists()


def test_one_with_entries_is_not_deleted(alices: Client, mood: Category) -> None:
    EntryFactory.create(option__category=mood)
    assert "it can be archived only" in alices.post(to("delete_category", mood), follow=True).content.decode()
    assert Category.objects.exists()


@pytest.mark.parametrize("name", POSTED)
def test_to_a_stranger_it_is_not_there(bobs: Client, mood: Category, name: str) -> None:
    assert bobs.post(to(name, mood)).status_code == 404
    mood.refresh_from_db()
    assert mood.is_active


@pytest.mark.parametrize("name", POSTED)
def test_changes_are_only_posted(alices: Client, mood: Category, name: str) -> None:
    assert alices.get(to(name, mood)).status_code == 405


@pytest.mark.parametrize("url", [URL, "/wellbeing/categories/new/", "/wellbeing/categories/1/"])
def test_who_is_not_signed_in_is_sent_to_log_in(client: Client, url: str) -> None:
    assert client.get(url).headers["Location"] == f"/accounts/login/?next={url}"


@pytest.mark.parametrize("name", POSTED)
def test_who_is_not_signed_in_changes_nothing(client: Client, mood: Category, name: str) -> None:
    assert client.post(to(name, mood)).status_code == 302
    mood.refresh_from_db()
    assert mood.is_active


def test_the_starters_are_added_once(alices: Client, alice: User) -> None:
    for _ in range(2):
        assert alices.post(reverse("wellbeing:add_starters")).status_code == 302
    assert [category.name for category in alice.categories.all()] == ["Mood", "Energy", "Sleep quality", "Bloating"]


def test_a_starter_that_is_there_in_other_letters_is_left_alone(alice: User) -> None:
    CategoryFactory.create(owner=alice, name="MOOD")
    assert [category.name for category in create_starter_categories(owner=alice)] == [
        "Energy",
        "Sleep quality",
        "Bloating",
    ]


def test_starters_are_offered_while_some_are_missing(alices: Client, alice: User) -> None:
    assert b"Add the starter categories" in alices.get(URL).content
    create_starter_categories(owner=alice)
    assert b"Add the starter categories" not in alices.get(URL).content


def test_starters_are_only_posted(alices: Client) -> None:
    assert alices.get(reverse("wellbeing:add_starters")).status_code == 405
