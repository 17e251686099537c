import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.edibles.models import Edible
from tests.factories import EdibleFactory, PortionFactory

pytestmark = pytest.mark.django_db

URL = reverse("edibles:list")


def names(client: Client, query: str = "") -> list[str]:
    return [edible.name for edible, _times in client.get(f"{URL}{query}").context["rows"]]


def many(owner: User, count: int) -> None:
    Edible.objects.bulk_create(Edible(owner=owner, name=f"Edible {n:04}") for n in range(count))


def test_the_owner_sees_them_by_name(alices: Client, alice: User) -> None:
    for name in ("Milk", "äpfel", "apple", "Bread"):
        EdibleFactory.create(owner=alice, name=name)
    assert names(alices) == ["äpfel", "apple", "Bread", "Milk"]


def test_a_stranger_sees_none_of_them(bobs: Client, alice: User) -> None:
    EdibleFactory.create(owner=alice, name="Milk")
    assert b"Milk" not in bobs.get(URL).content


def test_who_is_not_signed_in_is_sent_to_log_in(client: Client) -> None:
    assert client.get(URL).headers["Location"] == f"/accounts/login/?next={URL}"


def test_it_is_only_read(alices: Client) -> None:
    assert alices.post(URL).status_code == 405


def test_an_empty_diary_is_told_what_belongs_here(alices: Client) -> None:
    assert b"Nothing here yet" in alices.get(URL).content


def test_each_says_in_how_many_meals_it_was(alices: Client, alice: User) -> None:
    milk = EdibleFactory.create(owner=alice, name="Milk")
    portion = PortionFactory.create(meal__owner=alice, edible=milk)
    PortionFactory.create(meal=portion.meal, edible=milk)
    PortionFactory.create(meal__owner=alice, edible=milk)
    PortionFactory.create(meal__owner=alice, edible=milk, amount=0)
    assert b"in 2 meals" in alices.get(URL).content


@pytest.mark.parametrize("query", ["MILK", " milk ", "ilk", "oat  milk"])
def test_search_finds_parts_of_names_whatever_their_case(alices: Client, alice: User, query: str) -> None:
    for name in ("Oat milk", "Bread"):
        EdibleFactory.create(owner=alice, name=name)
    assert names(alices, f"?q={query}") == ["Oat milk"]


def test_names_that_begin_with_the_search_come_first(alices: Client, alice: User) -> None:
    for name in ("Butter milk", "Milk", "Oat milk", "Milky tea"):
        EdibleFactory.create(owner=alice, name=name)
    assert names(alices, "?q=milk") == ["Milk", "Milky tea", "Butter milk", "Oat milk"]


@pytest.mark.parametrize("query", ["%25", "_", "%5C", "%00", "'", "x" * 4000, "%F0%9F%A5%9B", "%FF"])
def test_a_strange_search_finds_nothing_and_breaks_nothing(alices: Client, alice: User, query: str) -> None:
    EdibleFactory.create(owner=alice, name="Milk")
    response = alices.get(f"{URL}?q={query}")
    assert response.status_code == 200
    assert query == "%00" or not response.context["rows"]


def test_a_search_without_a_find_offers_to_add_it(alices: Client) -> None:
    assert b"/edibles/new/?name=oat%20milk" in alices.get(f"{URL}?q=oat milk").content


def test_live_search_gets_the_rows_alone(alices: Client) -> None:
    assert b"<html" not in alices.get(URL, headers={"HX-Request": "true"}).content


def test_a_page_restored_by_the_browser_is_whole(alices: Client) -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert b"<html" in alices.get(URL, headers=headers).content


@pytest.mark.parametrize(
    ("page", "number"), [("2", 2), ("999", 3), ("0", 1), ("-7", 1), ("first", 1), ("9" * 4000, 3), ("", 1), ("%00", 1)]
)
def test_a_page_number_leads_to_the_nearest_page(alices: Client, alice: User, page: str, number: int) -> None:
    many(alice, 101)
    assert alices.get(f"{URL}?page={page}").context["page"].number == number


def test_pages_keep_the_search(alices: Client, alice: User) -> None:
    many(alice, 51)
    assert b'href="?q=edible&amp;page=2"' in alices.get(f"{URL}?q=edible").content


@pytest.mark.parametrize("count", [10, 1000])
def test_the_number_of_queries_stays_the_same(
    alices: Client, alice: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    many(alice, count)
    with django_assert_num_queries(5):
        alices.get(URL)
