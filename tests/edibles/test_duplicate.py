import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.edibles import forms
from apps.edibles.models import Edible
from tests.factories import EdibleFactory, IngredientFactory, PortionFactory
from tests.meanwhile import just_before

pytestmark = pytest.mark.django_db


@pytest.fixture
def latte(alice: User) -> Edible:
    latte = EdibleFactory.create(owner=alice, name="Latte", notes="Small")
    IngredientFactory.create(container=latte, edible__name="Milk")
    return latte


def url(edible: Edible) -> str:
    return reverse("edibles:duplicate", args=[edible.pk])


def test_the_new_one_begins_with_notes_and_ingredients_but_no_meals(alices: Client, alice: User, latte: Edible) -> None:
    PortionFactory.create(meal__owner=alice, edible=latte)
    response = alices.post(url(latte), {"name": "Latte at home"})
    copy = alice.edibles.get(name="Latte at home")
    assert response.headers["Location"] == f"/edibles/{copy.pk}/edit/"
    assert (copy.notes, [edible.name for edible in copy.ingredients.all()]) == ("Small", ["Milk"])
    assert not copy.portions.exists()


def test_a_free_name_is_suggested(alices: Client, alice: User, latte: Edible) -> None:
    EdibleFactory.create(owner=alice, name="LATTE 2")
    assert b'value="Latte 3"' in alices.get(f"/edibles/{latte.pk}/").content


@pytest.mark.parametrize("name", ["", "  ", "latte", "MILK", "x" * 201, "a\0b"])
def test_a_bad_or_taken_name_is_refused(alices: Client, alice: User, latte: Edible, name: str) -> None:
    assert alices.post(url(latte), {"name": name}).status_code == 422
    assert alice.edibles.count() == 2


def test_to_a_stranger_it_is_not_there(bobs: Client, bob: User, latte: Edible) -> None:
    assert bobs.post(url(latte), {"name": "Mine"}).status_code == 404
    assert not bob.edibles.exists()


def test_it_is_only_posted(alices: Client, latte: Edible) -> None:
    assert alices.get(url(latte)).status_code == 405


def test_who_is_not_signed_in_is_sent_to_log_in(client: Client, latte: Edible) -> None:
    assert client.post(url(latte), {"name": "Mine"}).status_code == 302
    assert Edible.objects.count() == 2


def test_one_deleted_a_moment_ago_is_not_there(alices: Client, latte: Edible, monkeypatch: pytest.MonkeyPatch) -> None:
    just_before(monkeypatch, forms, "duplicate_edible", lambda: Edible.objects.get(name="Latte").delete())
    assert alices.post(url(latte), {"name": "Latte at home"}).status_code == 404
    assert not Edible.objects.filter(name="Latte at home").exists()
