"""What a request says about where it goes, and how, is not believed."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from apps.accounts.models import User
from tests.factories import MealFactory

pytestmark = pytest.mark.django_db

PAGES = ["/", "/accounts/login/", "/accounts/password/reset/", "/no/such/page/"]


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "testserver@evil.example", "testserver:x", ""]
)
@pytest.mark.parametrize("path", PAGES)
def test_a_host_that_is_not_ours_is_refused(client: Client, path: str, host: str) -> None:
    answer = client.get(path, headers={"Host": host}, SERVER_NAME=host or "evil.example")
    assert answer.status_code == 400
    assert "evil" not in answer.content.decode() + str(answer.headers)


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Host", "X-Forwarded-Server", "Forwarded", "X-Original-URL"])
def test_a_mails_link_leads_here_whatever_a_proxy_header_says(client: Client, alice: User, header: str) -> None:
    EmailAddress.objects.get_or_create(user=alice, email=alice.email, defaults={"verified": True, "primary": True})
    client.post("/accounts/password/reset/", {"email": alice.email}, headers={header: "evil.example"})
    (message,) = mail.outbox
    assert "evil" not in str(message.body)
    assert set(re.findall(r"https?://([^/\s]+)", str(message.body))) == {"testserver"}


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Prefix"])
def test_a_page_does_not_speak_of_another_host(alices: Client, header: str) -> None:
    for path in PAGES:
        answer = alices.get(path, headers={header: "//evil.example/"})
        assert "evil" not in answer.content.decode() + str(answer.headers)


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
@pytest.mark.parametrize("verb", ["POST", "DELETE", "PUT"])
def test_a_link_does_not_become_a_write_by_a_header(alices: Client, alice: User, header: str, verb: str) -> None:
    meal = MealFactory.create(owner=alice)
    assert alices.get(f"/meals/{meal.pk}/delete/", headers={header: verb}).status_code == 405
    assert alices.get(f"/meals/{meal.pk}/delete/?_method={verb}").status_code == 405
    assert alice.meals.exists()


@pytest.mark.parametrize("verb", ["TRACE", "TRACK", "CONNECT", "PROPFIND", "GETS", "MOVE"])
def test_an_odd_method_does_nothing(alices: Client, alice: User, verb: str) -> None:
    meal = MealFactory.create(owner=alice)
    for path in ("/", f"/meals/{meal.pk}/", f"/meals/{meal.pk}/delete/", "/accounts/login/", "/admin/"):
        assert alices.generic(verb, path).status_code in {302, 403, 405}
    assert alice.meals.exists()
