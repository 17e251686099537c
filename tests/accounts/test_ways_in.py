import pytest
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/admin/", "/admin/login/"])
def test_the_admin_has_no_log_in_of_its_own(client: Client, path: str) -> None:
    answer = client.get(path, follow=True)
    assert answer.redirect_chain[-1][0].startswith("/accounts/login/")


def test_who_is_no_staff_is_refused_the_admin(alices: Client) -> None:
    assert alices.get("/admin/login/").status_code == 403


@pytest.mark.parametrize("email", ["alice@example.org", "nobody@example.org"])
def test_where_no_mail_is_sent_a_reset_says_so_to_everybody(
    client: Client, alice: User, settings: Settings, email: str
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    answer = client.post("/accounts/password/reset/", {"email": email})
    assert answer.status_code == 503
    assert "This site sends no mail" in answer.content.decode()


def test_a_page_comes_back_after_the_log_in(client: Client) -> None:
    assert client.get("/meals/?page=2").headers["Location"] == "/accounts/login/?next=/meals/%3Fpage%3D2"


def test_the_address_of_a_form_does_not_come_back_as_it_cannot_be_opened(client: Client) -> None:
    assert client.post("/data/import/").headers["Location"] == "/accounts/login/"


def test_a_fragment_sends_the_whole_page_to_log_in_and_back(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/day/2026-03-01/"}
    answer = client.get("/log/suggest/?q=oat", headers=headers)
    assert answer.headers["HX-Redirect"] == "/accounts/login/?next=/day/2026-03-01/"


def test_a_fragment_of_another_site_leads_nowhere_else(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "https://evil.example/day/"}
    assert client.get("/log/suggest/?q=oat", headers=headers).headers["HX-Redirect"] == "/accounts/login/"
