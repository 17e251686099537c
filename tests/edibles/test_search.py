"""What a search finds, and how lists are sorted: the same on SQLite and on PostgreSQL."""

import itertools

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.models import User
from apps.edibles.models import Edible
from foodmood.names import MOST_WORDS, fill_search_keys, search_key, search_words
from tests.factories import EdibleFactory, IngredientFactory, MealFactory, PortionFactory

SALMON = "Fish, Salmon, Pink, Canned, Drained Solids"
NAMES = (SALMON, "Crème brûlée", "Äpfel", "Zwiebel", "Béchamel", "Smørrebrød", "Kellogg’s")
FOUND = {
    "salmon canned": [SALMON],
    "drained pink": [SALMON],
    "canned, SALMON": [SALMON],
    "creme brulee": ["Crème brûlée"],
    "Brûlée crème": ["Crème brûlée"],
    "apfel": ["Äpfel"],
    "ÄPFEL": ["Äpfel"],
    "bechamel": ["Béchamel"],
    "smorrebrod": ["Smørrebrød"],
    "kellogg's": ["Kellogg’s"],
    "salmon creme": [],
}


def listed(client: Client, query: str = "") -> list[str]:
    return [edible.name for edible, _times in client.get("/edibles/", {"q": query}).context["rows"]]


def suggested(client: Client, query: str) -> list[str]:
    page = client.get("/log/suggest/", {"q": query}).content.decode()
    return [piece.split('"')[0] for piece in page.split('data-name="')[1:]]


def meals_found(client: Client, query: str) -> set[str]:
    return {meal.title for meal in client.get("/meals/", {"q": query}).context["page"]}


@pytest.fixture
def foods(alice: User) -> None:
    for name in NAMES:
        edible = EdibleFactory.create(owner=alice, name=name)
        PortionFactory.create(meal__owner=alice, meal__title=f"Meal of {name}", edible=edible)


@pytest.mark.parametrize(("query", "found"), FOUND.items())
@pytest.mark.usefixtures("foods")
def test_words_in_any_order_without_accents(alices: Client, query: str, found: list[str]) -> None:
    assert listed(alices, query) == found
    assert [name for name in suggested(alices, query) if name in NAMES] == found
    assert meals_found(alices, query) == {f"Meal of {name}" for name in found}


@pytest.mark.usefixtures("foods")
def test_lists_sort_as_the_language_does(alices: Client) -> None:
    expected = ["Äpfel", "Béchamel", "Crème brûlée", SALMON, "Kellogg’s", "Smørrebrød", "Zwiebel"]
    assert listed(alices) == expected


def test_names_that_share_a_key_stay_apart(alices: Client, alice: User) -> None:
    for name in ("Crème", "Creme"):
        EdibleFactory.create(owner=alice, name=name)
    assert listed(alices, "creme") == ["Crème", "Creme"]
    assert suggested(alices, "Creme")[0] == "Creme"


def test_lower_case_and_signs_sort_by_code_point(alices: Client, alice: User) -> None:
    for name in ("b", "A b", "a-b", "A", "7 Up", "ab"):
        EdibleFactory.create(owner=alice, name=name)
    assert listed(alices) == ["7 Up", "A", "A b", "a-b", "ab", "b"]


@pytest.fixture
def latte(alice: User) -> Edible:
    """A breakfast that contains a latte that contains milk."""
    latte = IngredientFactory.create(container__owner=alice, container__name="Latte", edible__name="Milk").container
    IngredientFactory.create(container=EdibleFactory.create(owner=alice, name="Breakfast"), edible=latte)
    EdibleFactory.create(owner=alice, name="Oat milk")
    EdibleFactory.create(owner=alice, name="Tea")
    return latte


@pytest.mark.usefixtures("latte")
def test_ingredients_are_found_after_own_names(alices: Client) -> None:
    assert listed(alices, "milk") == ["Milk", "Oat milk", "Breakfast", "Latte"]
    assert suggested(alices, "milk") == ["Milk", "Oat milk", "Breakfast", "Latte"]
    assert alices.get("/edibles/", {"q": "milk"}).content.decode().count("contains “milk”") == 2


def test_meals_are_found_by_what_is_inside(alices: Client, alice: User, latte: Edible) -> None:
    PortionFactory.create(meal__owner=alice, meal__title="Morning", edible=latte)
    MealFactory.create(owner=alice, title="Nothing")
    assert meals_found(alices, "milk") == {"Morning"}


def test_meals_with_each_word_somewhere_are_found(alices: Client, alice: User, latte: Edible) -> None:
    PortionFactory.create(meal__owner=alice, meal__title="Früh", meal__notes="Mit Tiramisù", edible=latte)
    PortionFactory.create(meal__owner=alice, meal__title="Spät", edible=latte)
    assert meals_found(alices, "fruh milk tiramisu") == {"Früh"}


def test_changed_notes_are_found(alices: Client, alice: User) -> None:
    meal = MealFactory.create(owner=alice, title="Morning")
    meal.notes = "Crêpes"
    meal.save()
    assert meals_found(alices, "crepes") == {"Morning"}


def test_a_strangers_ingredients_are_not_found(bobs: Client, bob: User, latte: Edible) -> None:
    EdibleFactory.create(owner=bob, name="Milk")
    assert listed(bobs, "milk") == ["Milk"]


def test_a_ring_of_ingredients_ends(alices: Client, alice: User) -> None:
    """No form makes one; the search ends even so."""
    ring = [EdibleFactory.create(owner=alice, name=name) for name in ("One", "Two", "Three")]
    for container, edible in itertools.pairwise([*ring, ring[0]]):
        IngredientFactory.create(container=container, edible=edible)
    assert listed(alices, "one") == ["One", "Three", "Two"]


@pytest.mark.django_db
def test_missing_keys_are_filled_in_batches() -> None:
    edibles = [EdibleFactory.create(name=f"Äpfel {n}") for n in range(5)]
    Edible.objects.update(search_key=None)
    fill_search_keys(Edible, batch=2)
    assert set(Edible.objects.values_list("search_key", flat=True)) == {f"apfel {n}" for n in range(len(edibles))}


def test_rows_without_a_key_are_found_by_name(alices: Client, alice: User) -> None:
    """Those that the version before wrote during a roll-out."""
    EdibleFactory.create(owner=alice, name="Oat milk")
    MealFactory.create(owner=alice, title="Morning", notes="With milk")
    alice.edibles.update(search_key=None)
    alice.meals.update(search_key=None)
    assert listed(alices, "MILK oat") == ["Oat milk"]
    assert meals_found(alices, "milk") == {"Morning"}


@given(st.text(min_size=1))
def test_a_search_key_is_stable(text: str) -> None:
    assert search_key(search_key(text)) == search_key(text)


@pytest.mark.parametrize("name", ["\u0301", "\u00b4", "\u0301\u0316"])
def test_a_name_of_accents_keeps_a_key(name: str) -> None:
    assert search_key(name)


def test_only_some_words_are_looked_for() -> None:
    assert search_words("a, b! “c” a % " + " ".join("defghijk")) == list("abc%defg")
    assert len(search_words("x " * 100 + " ".join(map(str, range(500))))) == MOST_WORDS
