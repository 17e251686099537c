from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from apps.accounts.models import User
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

URL = "/accounts/signup/"


def filled(**changes: Any) -> dict[str, Any]:
    return {"email": "carol@example.org", "password1": PASSWORD, "consent": "on", "time_zone": "Asia/Kolkata"} | changes


def test_a_new_person_finds_starters_and_the_browsers_time_zone(client: Client) -> None:
    client.post(URL, filled())
    carol = User.objects.get()
    assert (carol.email, carol.time_zone) == ("carol@example.org", "Asia/Kolkata")
    assert [category.name for category in carol.categories.all()] == ["Mood", "Energy", "Sleep quality", "Bloating"]
    assert all(category.options.count() == 5 for category in carol.categories.all())


@pytest.mark.parametrize(
    "garbage", ["", "Atlantis/Center", "../../etc/passwd", "x" * 10_000, "europe/berlin", "localtime", "\0"]
)
def test_what_is_no_time_zone_becomes_utc(client: Client, garbage: str) -> None:
    client.post(URL, filled(time_zone=garbage))
    assert User.objects.get().time_zone == "UTC"


def test_a_former_name_of_a_zone_becomes_its_present_one(client: Client) -> None:
    client.post(URL, filled(time_zone="Asia/Calcutta"))
    assert User.objects.get().time_zone == "Asia/Kolkata"


def test_an_address_is_kept_in_lower_case(client: Client) -> None:
    client.post(URL, filled(email="Carol@Example.ORG"))
    assert User.objects.get().email == "carol@example.org"


def test_the_form_sent_twice_in_one_moment_makes_one_account(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_late(**kwargs: object) -> None:
        raise IntegrityError("UNIQUE constraint failed: accounts_user.email")

    monkeypatch.setattr("apps.journal.signup.create_starter_categories", too_late)
    assert client.post(URL, filled()).headers["Location"] == "/accounts/confirm-email/"
    assert not User.objects.exists()


def test_an_address_is_there_once_whatever_its_case(client: Client, alice: User) -> None:
    response = client.post(URL, filled(email="ALICE@example.org"))
    assert "errorlist" in response.content.decode() or response.status_code == 302
    assert User.objects.count() == 1
    assert not alice.categories.exists()


@pytest.mark.parametrize(
    "password", ["", "short", "password123", "8675309867530", "carol@example.org", "carol@example"]
)
def test_a_weak_password_is_refused(client: Client, password: str) -> None:
    response = client.post(URL, filled(password1=password))
    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize("email", ["", "carol", "carol@", "x" * 300 + "@example.org", "a\0@example.org"])
def test_a_bad_address_is_refused(client: Client, email: str) -> None:
    assert client.post(URL, filled(email=email)).status_code == 200
    assert not User.objects.exists()


def test_the_page_wears_foodmoods_look(client: Client) -> None:
    page = client.get(URL).content.decode()
    assert "Begin your diary" in page
    assert "css/foodmood" in page
    assert "data-time-zone" in page
    assert " style=" not in page
