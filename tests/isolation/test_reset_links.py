"""A link to a new password is good once, for one person, and does not leak."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils.http import int_to_base36

from apps.accounts.models import User
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

NEW = "rye-bread-at-dawn"
NEWER = "plum-cake-at-dusk"


@pytest.fixture
def link(alice: User) -> str:
    """From the mail that alice asked for."""
    EmailAddress.objects.get_or_create(user=alice, email=alice.email, defaults={"verified": True, "primary": True})
    Client().post("/accounts/password/reset/", {"email": alice.email})
    (path,) = re.findall(r"http://testserver(/\S+)", str(mail.outbox[-1].body))
    return str(path)


def choose(link: str, password: str, client: Client | None = None) -> None:
    """What somebody does who has the link."""
    client = client or Client()
    page = client.get(link)
    form = page.headers.get("Location", link)
    client.post(form, {"password1": password, "password2": password})


def opens_with(user: User, password: str) -> bool:
    user.refresh_from_db()
    return user.check_password(password)


def test_it_sets_a_new_password(alice: User, link: str) -> None:
    choose(link, NEW)
    assert opens_with(alice, NEW)


def test_it_works_once(alice: User, link: str) -> None:
    choose(link, NEW)
    choose(link, NEWER)
    assert opens_with(alice, NEW)


def test_it_dies_with_the_password_that_it_was_to_replace(alice: User, link: str) -> None:
    alice.set_password(NEW)
    alice.save()
    choose(link, NEWER)
    assert opens_with(alice, NEW)


def test_a_form_left_open_dies_with_the_password_too(client: Client, alice: User, link: str) -> None:
    form = client.get(link).headers["Location"]
    alice.set_password(NEW)
    alice.save()
    client.post(form, {"password1": NEWER, "password2": NEWER})
    assert opens_with(alice, NEW)


def test_it_dies_when_the_person_logs_in(alice: User, link: str) -> None:
    Client().post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    choose(link, NEW)
    assert opens_with(alice, PASSWORD)


def test_it_is_good_for_nobody_else(alice: User, bob: User, link: str) -> None:
    choose(link.replace(f"/{int_to_base36(alice.pk)}-", f"/{int_to_base36(bob.pk)}-"), NEW)
    assert opens_with(bob, PASSWORD)
    assert opens_with(alice, PASSWORD)


@pytest.mark.parametrize("place", [-3, -8, -20])
def test_a_changed_sign_makes_it_worthless(alice: User, link: str, place: int) -> None:
    sign = "b" if link[place] != "b" else "c"
    choose(link[:place] + sign + link[place + 1 :], NEW)
    assert opens_with(alice, PASSWORD)


def test_the_form_does_not_open_without_the_link(client: Client, alice: User, link: str) -> None:
    form = client.get(link).headers["Location"]
    choose(form, NEW, Client())
    assert opens_with(alice, PASSWORD)


def test_its_secret_is_in_no_address_that_a_page_could_pass_on(client: Client, link: str) -> None:
    secret = link.rstrip("/").rpartition("/")[2].partition("-")[2]
    answer = client.get(link)
    assert answer.status_code == 302
    assert secret not in answer.headers["Location"]
    page = client.get(answer.headers["Location"])
    assert secret not in page.content.decode()
    for response in (answer, page):
        assert response.headers["Referrer-Policy"] in {"same-origin", "no-referrer", "strict-origin"}
        assert "no-store" in response.headers["Cache-Control"]


def test_it_signs_nobody_in_by_itself(client: Client, link: str) -> None:
    client.get(link, follow=True)
    assert client.get("/").status_code == 302


def test_a_reset_ends_the_sessions_of_whoever_had_the_old_password(alices: Client, link: str) -> None:
    assert alices.get("/").status_code == 200
    choose(link, NEW)
    assert alices.get("/").status_code == 302
