from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.edibles.models import Edible
from tests.factories import EdibleFactory, PortionFactory

pytestmark = pytest.mark.django_db


def names(client: Client, query: str) -> list[str]:
    page = client.get("/log/suggest/", {"q": query}).content.decode()
    return [piece.split('"')[0] for piece in page.split('data-name="')[1:]]


def test_a_stranger_is_sent_to_log_in(client: Client) -> None:
    assert client.get("/log/suggest/?q=o").headers["Location"].startswith("/accounts/login/")


def test_names_that_hold_the_query_are_suggested(alices: Client, alice: User) -> None:
    EdibleFactory.create(owner=alice, name="Oat milk")
    EdibleFactory.create(owner=alice, name="Bread")
    assert names(alices, "MILK") == ["Oat milk", "MILK"]


def test_names_that_begin_so_come_first(alices: Client, alice: User) -> None:
    for name in ("Goat cheese", "Oat milk"):
        EdibleFactory.create(owner=alice, name=name)
    assert names(alices, "oat") == ["Oat milk", "Goat cheese", "oat"]


def test_what_is_eaten_often_comes_before_what_is_not(alices: Client, alice: User) -> None:
    for name, times in (("Oat bran", 1), ("Oat milk", 3), ("Oat cake", 2)):
        edible = EdibleFactory.create(owner=alice, name=name)
        for _ in range(times):
            PortionFactory.create(meal__owner=alice, meal__eaten_at=timezone.now(), edible=edible)
    assert names(alices, "oat")[:3] == ["Oat milk", "Oat cake", "Oat bran"]


def test_what_was_eaten_last_comes_before_what_was_eaten_long_ago(alices: Client, alice: User) -> None:
    for name, days in (("Oat bran", 300), ("Oat milk", 200)):
        at = timezone.now() - timedelta(days=days)
        PortionFactory.create(meal__owner=alice, meal__eaten_at=at, edible__name=name)
    EdibleFactory.create(owner=alice, name="Oat flour")
    assert names(alices, "oat")[:3] == ["Oat milk", "Oat bran", "Oat flour"]


def test_a_new_name_can_be_created(alices: Client) -> None:
    assert "Create “Oat milk”" in alices.get("/log/suggest/", {"q": " Oat  milk"}).content.decode()


def test_a_name_that_is_there_is_not_offered_anew(alices: Client, alice: User) -> None:
    EdibleFactory.create(owner=alice, name="Oat milk")
    assert names(alices, "oat MILK") == ["Oat milk"]


def test_before_anything_is_typed_the_usual_things_are_suggested(alices: Client, alice: User) -> None:
    PortionFactory.create(meal__owner=alice, edible__name="Oats")
    EdibleFactory.create(owner=alice, name="Never eaten")
    assert names(alices, "") == ["Oats"]


def test_an_amount_of_0_makes_nothing_usual(alices: Client, alice: User) -> None:
    PortionFactory.create(meal__owner=alice, edible__name="Protein powder", amount=0)
    PortionFactory.create(meal__owner=alice, edible__name="Soup")
    assert names(alices, "") == ["Soup"]


def test_somebody_elses_edibles_are_not_suggested(bobs: Client, alice: User) -> None:
    EdibleFactory.create(owner=alice, name="Oat milk")
    assert names(bobs, "oat") == ["oat"]


@pytest.mark.parametrize("query", ["\x00", "a" * 4000, "\ufdfa" * 200, "\u200b"])
def test_what_can_be_no_name_gets_no_suggestions(alices: Client, query: str) -> None:
    assert names(alices, query) == []


def test_signs_of_a_pattern_are_only_signs(alices: Client, alice: User) -> None:
    EdibleFactory.create(owner=alice, name="Oats")
    assert names(alices, "%") == ["%"]


def test_a_name_is_shown_as_text(alices: Client, alice: User) -> None:
    EdibleFactory.create(owner=alice, name="<b>Oats")
    assert "<b>" not in alices.get("/log/suggest/", {"q": "oats"}).content.decode()


def test_a_long_list_takes_no_more_queries(alices: Client, alice: User) -> None:
    Edible.objects.bulk_create(Edible(owner=alice, name=f"Oat {n}") for n in range(10))
    with CaptureQueriesContext(connection) as few:
        names(alices, "oat")
    Edible.objects.bulk_create(Edible(owner=alice, name=f"Oat {n}") for n in range(10, 1000))
    with CaptureQueriesContext(connection) as many:
        assert len(names(alices, "oat")) == 9  # eight, and the new one
    assert len(many) == len(few)


def test_what_is_usual_is_counted_once_for_many_letters(
    alices: Client, alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    PortionFactory.create(meal__owner=alice, edible__name="Oats")
    with django_assert_num_queries(2 + 3):  # of any page two; the ranks, the names, and what contains them
        names(alices, "o")
    with django_assert_num_queries(2 + 2):
        names(alices, "oa")


def test_a_new_edible_is_suggested_at_once(alices: Client, alice: User) -> None:
    PortionFactory.create(meal__owner=alice, edible__name="Oats")
    names(alices, "oa")
    EdibleFactory.create(owner=alice, name="Oat milk")
    assert names(alices, "oa")[:2] == ["Oats", "Oat milk"]


def test_the_first_meal_of_a_diary_is_usual_at_once(alices: Client, alice: User) -> None:
    assert names(alices, "") == []
    PortionFactory.create(meal__owner=alice, edible__name="Oats")
    assert names(alices, "") == ["Oats"]


def test_what_is_kept_of_it_are_numbers(alices: Client, alice: User) -> None:
    portion = PortionFactory.create(meal__owner=alice, meal__eaten_at=timezone.now(), edible__name="Oats")
    names(alices, "o")
    last = portion.meal.eaten_at.timestamp()
    assert caches["losable"].get(f"ranks:{alice.pk}") == {portion.edible_id: (-1, -last)}
