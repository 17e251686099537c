"""allauth's own pages: who reaches them, and that they wear FoodMood's look."""

import re

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import User
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

FOR_ALL = [
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/done/",
    "/accounts/password/reset/key/1-bad/",
    "/accounts/inactive/",
    "/accounts/confirm-email/",
    "/accounts/confirm-email/bad/",
]
FOR_PEOPLE = ["/accounts/email/", "/accounts/password/change/", "/accounts/logout/", "/accounts/reauthenticate/"]


@pytest.mark.parametrize("url", FOR_ALL)
def test_whoever_comes_sees_it_in_foodmoods_look(client: Client, url: str) -> None:
    response = client.get(url)
    assert response.status_code == 200
    assert in_our_look(response.content.decode())


@pytest.mark.parametrize("url", FOR_PEOPLE)
def test_who_is_signed_in_sees_it_in_foodmoods_look(alices: Client, url: str) -> None:
    response = alices.get(url)
    assert response.status_code == 200
    assert in_our_look(response.content.decode())


@pytest.mark.parametrize("url", FOR_PEOPLE[:2])
def test_who_is_not_signed_in_is_sent_to_log_in(client: Client, url: str) -> None:
    assert client.get(url).headers["Location"].startswith("/accounts/login/")


def test_a_forgotten_password_can_be_set_anew(client: Client, alice: User) -> None:
    client.post("/accounts/password/reset/", {"email": "Alice@example.org"})
    (message,) = mail.outbox
    (link,) = re.findall(r"http://testserver(/\S+)", str(message.body))
    form = client.get(link, follow=True)
    assert in_our_look(form.content.decode())
    new = "rye-bread-at-dawn"
    client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    alice.refresh_from_db()
    assert alice.check_password(new)


def test_the_password_can_be_changed(alices: Client, alice: User) -> None:
    new = "rye-bread-at-dawn"
    alices.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    alice.refresh_from_db()
    assert alice.check_password(new)


def test_where_no_mail_is_sent_nobody_is_told_to_wait_for_one(alices: Client, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert b"/accounts/password/reset/" not in alices.get("/accounts/password/change/").content


def in_our_look(page: str) -> bool:
    return "css/foodmood.css" in page and 'class="masthead"' in page and "<h1>" in page and " style=" not in page
