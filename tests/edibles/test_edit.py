import re
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.edibles import forms
from apps.edibles.actions import set_ingredients
from apps.edibles.models import Edible
from tests.factories import EdibleFactory
from tests.meanwhile import just_before

pytestmark = pytest.mark.django_db


@pytest.fixture
def latte(alice: User) -> Edible:
    latte = EdibleFactory.create(owner=alice, name="Latte")
    set_ingredients(edible=latte, ingredients=[EdibleFactory.create(owner=alice, name="Milk")])
    return latte


def url(edible: Edible) -> str:
    return reverse("edibles:edit", args=[edible.pk])


def filled(edible: Edible | None = None, **changes: Any) -> dict[str, Any]:
    """Nothing ticked of what the page of this edible shows."""
    shown = ",".join(str(pk) for pk in edible.ingredients.values_list("pk", flat=True)) if edible else ""
    return {"name": "Latte", "notes": "", "added": ["", ""], "ingredients": [], "ingredients-shown": shown} | changes


def names_in(edible: Edible) -> list[str]:
    return [ingredient.name for ingredient in edible.ingredients.order_by("key")]


def state() -> list[Any]:
    """All there is of edibles, to see that nothing was half written."""
    return list(Edible.objects.order_by("pk").values_list("name", "notes", "ingredients"))


def test_the_owner_sees_its_ingredients_ticked(alices: Client, latte: Edible) -> None:
    page = alices.get(url(latte)).content.decode()
    assert "checked" in page
    assert "Milk" in page


def test_everything_is_saved_at_once(alices: Client, latte: Edible) -> None:
    data = filled(latte, name=" Caffè   latte ", notes="Two\r\nlines", added=["Espresso", "", " espresso "])
    response = alices.post(url(latte), data)
    assert response.headers["Location"] == f"/edibles/{latte.pk}/"
    latte.refresh_from_db()
    assert (latte.name, latte.key, latte.notes) == ("Caffè latte", "caffè latte", "Two\nlines")
    assert names_in(latte) == ["Espresso"]


def test_what_was_shown_is_sent_along(alices: Client, latte: Edible) -> None:
    page = alices.get(url(latte)).content.decode()
    assert re.search(rf'name="ingredients-shown"\s+value="{latte.ingredients.get().pk}"', page)


@pytest.mark.parametrize("notes", ["Warm", "x" * 10_001], ids=["at once", "after a refusal"])
def test_what_another_tab_added_stays(alices: Client, latte: Edible, notes: str) -> None:
    milk = latte.ingredients.get()
    mine = filled(latte, ingredients=[milk.pk], notes=notes)
    alices.post(url(latte), filled(latte, ingredients=[milk.pk], added=["Espresso"]))
    response = alices.post(url(latte), mine)
    if response.status_code == 422:
        ticked = response.context["form"]["ingredients"].value()
        alices.post(url(latte), filled(latte, ingredients=ticked, notes="Warm"))
    latte.refresh_from_db()
    assert (names_in(latte), latte.notes) == (["Espresso", "Milk"], "Warm")


def test_what_another_tab_added_a_moment_ago_stays(
    alices: Client, latte: Edible, monkeypatch: pytest.MonkeyPatch
) -> None:
    espresso = EdibleFactory.create(owner=latte.owner, name="Espresso")
    both = {espresso, latte.ingredients.get()}
    just_before(monkeypatch, forms, "save_edible", lambda: set_ingredients(edible=latte, ingredients=both))
    alices.post(url(latte), filled(latte, added=["Water"]))
    assert names_in(latte) == ["Espresso", "Water"]


def test_one_deleted_a_moment_ago_is_not_brought_back(
    alices: Client, latte: Edible, monkeypatch: pytest.MonkeyPatch
) -> None:
    just_before(monkeypatch, forms, "save_edible", lambda: Edible.objects.get(name="Latte").delete())
    assert alices.post(url(latte), filled(latte)).status_code == 404
    assert not Edible.objects.filter(name="Latte").exists()


def test_ticked_ingredients_stay(alices: Client, latte: Edible) -> None:
    alices.post(url(latte), filled(latte, ingredients=[latte.ingredients.get().pk], added=["Water"]))
    assert names_in(latte) == ["Milk", "Water"]


def test_an_ingredient_that_is_there_is_used_whatever_its_case(alices: Client, latte: Edible, alice: User) -> None:
    water = EdibleFactory.create(owner=alice, name="Water")
    alices.post(url(latte), filled(latte, added=["WATER"]))
    assert list(latte.ingredients.all()) == [water]


def test_a_strangers_edible_of_that_name_is_not_used(alices: Client, latte: Edible, bob: User) -> None:
    EdibleFactory.create(owner=bob, name="Water")
    alices.post(url(latte), filled(latte, added=["Water"]))
    assert latte.ingredients.get().owner == latte.owner


def test_its_name_may_change_in_case_only(alices: Client, latte: Edible) -> None:
    assert alices.post(url(latte), filled(name="LATTE")).status_code == 302


def test_to_a_stranger_it_is_not_there(bobs: Client, latte: Edible) -> None:
    assert bobs.get(url(latte)).status_code == 404
    assert bobs.post(url(latte), filled(name="Mine now")).status_code == 404
    latte.refresh_from_db()
    assert latte.name == "Latte"


def test_who_is_not_signed_in_is_sent_to_log_in(client: Client, latte: Edible) -> None:
    assert client.post(url(latte), filled()).headers["Location"].startswith("/accounts/login/")


def test_other_methods_are_refused(alices: Client, latte: Edible) -> None:
    assert alices.put(url(latte)).status_code == 405


def test_a_cycle_is_refused_where_the_ingredients_are(alices: Client, latte: Edible) -> None:
    milk = latte.ingredients.get()
    before = state()
    response = alices.post(url(milk), filled(name="Whole milk", added=["Cream", "latte"]))
    assert response.status_code == 422
    assert response.context["form"].errors["ingredients"] == [
        "“Whole milk” would contain itself: Whole milk → Latte → Whole milk. Leave “Latte” out."
    ]
    assert "would contain itself" in response.content.decode()
    assert state() == before


def test_a_name_that_is_taken_is_refused_in_words(alices: Client, latte: Edible) -> None:
    response = alices.post(url(latte), filled(name="MILK"))
    assert response.status_code == 422
    assert "You already have an edible called “MILK”." in response.content.decode()


def test_a_name_taken_a_moment_ago_is_refused_in_the_same_words(
    alices: Client, latte: Edible, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(**_: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(forms, "save_edible", late)
    response = alices.post(url(latte), filled(name="Kimchi"))
    assert response.status_code == 422
    assert "You already have an edible called “Kimchi”." in response.content.decode()


@pytest.mark.parametrize(
    "bad",
    [
        {"name": ""},
        {"name": "   "},
        {"name": "\u200b\u2060"},
        {"name": "\u3164"},
        {"name": "x" * 10_000},
        {"name": "ﷺ" * 200},
        {"name": "Lat\0te"},
        {"name": "Lat\x1bte"},
        {"notes": "x" * 10_001},
        {"notes": "nul\0"},
        {"added": ["x" * 10_000]},
        {"added": ["Cream", "be\0ll"]},
        {"added": [f"Spice {n}" for n in range(201)]},
        {"ingredients": ["0"]},
        {"ingredients": ["milk"]},
        {"ingredients": ["9" * 30]},
        {"ingredients": ["\0"]},
        {"ingredients": ["-1", "1.5"]},
    ],
    ids=lambda bad: f"{next(iter(bad))}-{str(next(iter(bad.values())))[:12]!a}",
)
def test_bad_input_is_refused_and_nothing_half_written(alices: Client, latte: Edible, bad: dict[str, Any]) -> None:
    before = state()
    response = alices.post(url(latte), filled(name="New name") | bad)
    assert response.status_code == 422
    assert response.context["form"].errors
    assert state() == before


def test_of_several_added_ingredients_those_to_mend_are_named(alices: Client, latte: Edible) -> None:
    added = ["Milk", "Cinnamon " * 40, "\u3164", "Sugar"]
    response = alices.post(url(latte), filled(latte, added=added))
    assert response.status_code == 422
    assert response.context["form"].errors["added"] == [
        "“Cinnamon Cinnamon Cinnamon Cinnamon Cin…”: Use at most 200 characters; these are 359.",
        "Ingredient 3: Use signs that can be seen; these hold control characters or nothing visible.",
    ]


def test_an_empty_form_is_refused(alices: Client, latte: Edible) -> None:
    assert alices.post(url(latte), {}).status_code == 422


def test_a_strangers_ingredient_is_no_choice(alices: Client, latte: Edible, bob: User) -> None:
    theirs = EdibleFactory.create(owner=bob)
    assert alices.post(url(latte), filled(ingredients=[theirs.pk])).status_code == 422
    assert names_in(latte) == ["Milk"]


def test_thousands_of_fields_are_refused(alices: Client, latte: Edible) -> None:
    assert alices.post(url(latte), filled(added=["x"] * 5000)).status_code == 413


def test_more_lines_keep_what_was_typed_and_judge_nothing_yet(alices: Client, latte: Edible) -> None:
    before = state()
    response = alices.post(url(latte), filled(name="", notes="So far", added=["Cream"], more="1"))
    page = response.content.decode()
    assert response.status_code == 200
    assert page.count('name="added"') == 1 + 2 * forms.LINES
    assert 'value="Cream"' in page
    assert "So far" in page
    assert "errorlist" not in page
    assert state() == before


def test_the_browser_is_offered_a_part_of_a_large_diary(alices: Client, latte: Edible, alice: User) -> None:
    Edible.objects.bulk_create(Edible(owner=alice, name=f"Edible {n}") for n in range(1000))
    assert alices.get(url(latte)).content.count(b"<option") == forms.SUGGESTIONS
