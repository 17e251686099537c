import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.edibles.models import Edible
from tests.factories import EdibleFactory, IngredientFactory, PortionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def milk(alice: User) -> Edible:
    return EdibleFactory.create(owner=alice, name="Milk")


def url(edible: Edible) -> str:
    return reverse("edibles:delete", args=[edible.pk])


def test_one_that_is_used_nowhere_goes(alices: Client, milk: Edible) -> None:
    assert alices.post(url(milk)).headers["Location"] == "/edibles/"
    assert not Edible.objects.exists()


def test_one_with_ingredients_goes_without_them(alices: Client, milk: Edible) -> None:
    water = IngredientFactory.create(container=milk).edible
    alices.post(url(milk))
    assert list(Edible.objects.all()) == [water]


def test_one_that_was_eaten_stays_with_a_way_to_the_meals(alices: Client, alice: User, milk: Edible) -> None:
    PortionFactory.create(meal__owner=alice, edible=milk)
    page = alices.post(url(milk), follow=True).content.decode()
    assert f'<a href="/meals/?edible={milk.pk}">your meals</a>' in page
    assert Edible.objects.filter(pk=milk.pk).exists()


def test_an_ingredient_stays_with_a_way_to_its_container(alices: Client, alice: User, milk: Edible) -> None:
    latte = IngredientFactory.create(container__owner=alice, container__name="<Latte>", edible=milk).container
    page = alices.post(url(milk), follow=True).content.decode()
    assert f'is an ingredient of <a href="/edibles/{latte.pk}/">&lt;Latte&gt;</a>' in page
    assert Edible.objects.filter(pk=milk.pk).exists()


def test_to_a_stranger_it_is_not_there(bobs: Client, milk: Edible) -> None:
    assert bobs.post(url(milk)).status_code == 404
    assert Edible.objects.exists()


def test_it_is_only_posted(alices: Client, milk: Edible) -> None:
    assert alices.get(url(milk)).status_code == 405


def test_who_is_not_signed_in_is_sent_to_log_in(client: Client, milk: Edible) -> None:
    assert client.post(url(milk)).status_code == 302
    assert Edible.objects.exists()
