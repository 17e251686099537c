import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from tests.factories import EdibleFactory

pytestmark = pytest.mark.django_db

URL = reverse("edibles:new")


def test_it_belongs_to_who_made_it(alices: Client, alice: User) -> None:
    response = alices.post(URL, {"name": "Latte", "added": ["Espresso", "Milk"]})
    latte = alice.edibles.get(name="Latte")
    assert response.headers["Location"] == f"/edibles/{latte.pk}/"
    assert latte.ingredients.count() == 2


def test_what_was_searched_for_is_suggested(alices: Client) -> None:
    assert 'value="Oat &quot;milk&quot;"' in alices.get(URL, {"name": 'Oat "milk"'}).content.decode()


def test_one_that_contains_itself_is_refused_whole(alices: Client, alice: User) -> None:
    assert alices.post(URL, {"name": "Latte", "added": ["Milk", "latte"]}).status_code == 422
    assert not alice.edibles.exists()


def test_a_name_that_is_taken_is_refused(alices: Client, alice: User) -> None:
    EdibleFactory.create(owner=alice, name="Äpfel")
    assert alices.post(URL, {"name": "ÄPFEL"}).status_code == 422


def test_a_strangers_name_is_free(alices: Client, bob: User) -> None:
    EdibleFactory.create(owner=bob, name="Milk")
    assert alices.post(URL, {"name": "Milk"}).status_code == 302


@pytest.mark.parametrize("name", ["", " ", "x" * 201, "\0"])
def test_a_bad_name_is_refused(alices: Client, alice: User, name: str) -> None:
    assert alices.post(URL, {"name": name, "added": ["Milk"]}).status_code == 422
    assert not alice.edibles.exists()


def test_who_is_not_signed_in_is_sent_to_log_in(client: Client) -> None:
    assert client.get(URL).status_code == 302
