import pytest
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import User
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

URL = "/accounts/login/"
DUMMY = "django.core.mail.backends.dummy.EmailBackend"


def signed_in(client: Client) -> bool:
    return client.get("/").status_code == 200


@pytest.mark.parametrize("login", ["alice@example.org", "ALICE@Example.org", " alice@example.org "])
def test_the_address_is_the_login_whatever_its_case(client: Client, alice: User, login: str) -> None:
    assert client.post(URL, {"login": login, "password": PASSWORD}).headers["Location"] == "/"
    assert signed_in(client)


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD.upper(), "nul\0"])
def test_another_password_is_refused(client: Client, alice: User, password: str) -> None:
    client.post(URL, {"login": alice.email, "password": password})
    assert not signed_in(client)


def test_who_may_not_log_in_does_not(client: Client) -> None:
    gone = UserFactory.create(is_active=False)
    client.post(URL, {"login": gone.email, "password": PASSWORD})
    assert not signed_in(client)


def test_it_leads_back_to_where_one_was_going(client: Client, alice: User) -> None:
    response = client.post(URL, {"login": alice.email, "password": PASSWORD, "next": "/edibles/"})
    assert response.headers["Location"] == "/edibles/"


def test_it_does_not_lead_to_another_site(client: Client, alice: User) -> None:
    response = client.post(URL, {"login": alice.email, "password": PASSWORD, "next": "https://evil.example/"})
    assert response.headers["Location"] == "/"


def test_a_forgotten_password_is_offered_where_mail_is_sent(client: Client) -> None:
    assert b"/accounts/password/reset/" in client.get(URL).content


def test_a_forgotten_password_is_not_offered_where_no_mail_is_sent(client: Client, settings: Settings) -> None:
    settings.EMAIL_BACKEND = DUMMY
    assert b"/accounts/password/reset/" not in client.get(URL).content


def test_logging_out_is_posted(alices: Client) -> None:
    assert alices.get("/accounts/logout/").status_code == 200
    assert signed_in(alices)
    alices.post("/accounts/logout/")
    assert not signed_in(alices)


def test_a_forged_form_is_refused(alice: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(URL, {"login": alice.email, "password": PASSWORD}).status_code == 403
