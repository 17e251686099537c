"""What a log holds: no link of a mail that still works, and no traceback for what strangers do."""

import re

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

from apps.accounts.invitations import invite
from apps.accounts.models import Invitation

pytestmark = pytest.mark.django_db


@pytest.fixture
def confirmation(client: Client) -> str:
    client.post("/accounts/signup/", {"email": "carol@example.org", "password1": "rye-bread-at-dusk"})
    link = re.search(r"http://testserver(/accounts/confirm-email/\S+)", str(mail.outbox[-1].body))
    assert link
    return link[1]


def test_a_confirmation_without_its_cookie_is_logged_by_its_route(
    confirmation: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert Client(enforce_csrf_checks=True).post(confirmation).status_code == 403
    assert "Forbidden (CSRF cookie not set.): /accounts/confirm-email" in caplog.text.replace("^", "")
    assert confirmation.split("/")[-2] not in caplog.text


@pytest.mark.parametrize("more", [")", ").", "/.", "%3E/"])
def test_a_link_with_a_bracket_at_its_end_is_not_logged(
    confirmation: str, more: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert Client().get(confirmation + more).status_code == 404
    assert "Not Found: /accounts/" in caplog.text
    assert confirmation.split("/")[-2] not in caplog.text


def test_an_invitation_that_is_closed_is_logged_by_its_route(
    client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SIGNUP = "invite"
    link = invite(request=client.get("/accounts/login/").wsgi_request, email="carol@example.org", invited_by=None)
    Invitation.objects.all().delete()
    path = link.removeprefix("http://testserver")
    assert client.get(path).status_code == 404
    assert "Not Found: /account/invitations/accept/<" in caplog.text
    assert path.split("/")[-2] not in caplog.text


def test_a_method_that_is_refused_is_logged_by_its_route(confirmation: str, caplog: pytest.LogCaptureFixture) -> None:
    Client().put(confirmation)
    assert "Method Not Allowed (PUT)" in caplog.text
    assert confirmation.split("/")[-2] not in caplog.text


def test_a_page_that_is_not_there_is_still_named(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.get("/wp-login.php")
    assert "Not Found: /wp-login.php" in caplog.text


def test_a_request_around_the_proxy_is_one_line(
    client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    assert client.post("/accounts/login/", {"login": "a@example.org", "password": "x"}).status_code == 400
    assert "what TRUSTED_PROXY_COUNT promises" in caplog.text
    assert "Traceback" not in caplog.text
