"""Nobody is led from here to another site, whatever a link to our pages says."""

from urllib.parse import quote, urljoin, urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from apps.accounts.models import User
from tests.factories import PASSWORD, EdibleFactory, EntryFactory, PortionFactory

pytestmark = pytest.mark.django_db

ELSEWHERE = [
    "https://evil.example/",
    "HTTPS://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "////evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "\\/evil.example/",
    "/\t/evil.example/",
    "\n//evil.example/",
    " //evil.example/",
    "\x08//evil.example/",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "http://testserver@evil.example/",
    "http://testserver:80@evil.example/",
    "http://testserver.evil.example/",
    "//testserver@evil.example/",
    "javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "%2F%2Fevil.example/",
    "/%5Cevil.example/",
    "//evil%E3%80%82example/",
    "/meals/\r\nLocation: https://evil.example/",
    "/meals/%0d%0aSet-Cookie:evil=1",
    "http://[::1/",
    "//\u3002evil.example",
]


@pytest.fixture(autouse=True)
def _verified(alice: User) -> None:
    EmailAddress.objects.get_or_create(user=alice, email=alice.email, defaults={"verified": True, "primary": True})


def stays_here(where: str) -> bool:
    """As a browser reads it: backslashes are slashes, and control characters are not there."""
    read = "".join(sign for sign in where.strip() if sign >= " ").replace("\\", "/")
    return urlsplit(urljoin("http://testserver/accounts/", read))[:2] == ("http", "testserver")


@pytest.mark.parametrize("there", ELSEWHERE)
@pytest.mark.parametrize("by", ["form", "address"])
def test_logging_in_leads_to_a_page_of_ours(client: Client, alice: User, there: str, by: str) -> None:
    form = {"login": alice.email, "password": PASSWORD}
    path = "/accounts/login/"
    if by == "form":
        answer = client.post(path, form | {"next": there})
    else:
        answer = client.post(f"{path}?next={quote(there)}", form)
    assert answer.status_code == 302
    assert stays_here(answer.headers["Location"])
    assert "evil" not in answer.cookies


@pytest.mark.parametrize("there", ELSEWHERE)
def test_logging_out_leads_to_a_page_of_ours(alices: Client, there: str) -> None:
    answer = alices.post(f"/accounts/logout/?next={quote(there)}", {"next": there})
    assert stays_here(answer.headers["Location"])


@pytest.mark.parametrize("there", ELSEWHERE)
@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/", "/accounts/reauthenticate/"])
def test_who_is_signed_in_already_is_led_to_a_page_of_ours(alices: Client, path: str, there: str) -> None:
    answer = alices.get(f"{path}?next={quote(there)}")
    assert answer.status_code == 200 or stays_here(answer.headers["Location"])
    assert f'href="{there}"' not in answer.content.decode()


@pytest.mark.parametrize("there", ELSEWHERE)
def test_signing_up_leads_to_a_page_of_ours(client: Client, there: str) -> None:
    form = {"email": "new@example.org", "password1": "rye-bread-at-dawn", "consent": "on", "next": there}
    answer = client.post(f"/accounts/signup/?next={quote(there)}", form)
    assert answer.status_code == 302
    assert stays_here(answer.headers["Location"])


@pytest.mark.parametrize("there", ELSEWHERE)
def test_proving_who_one_is_leads_to_a_page_of_ours(alices: Client, there: str) -> None:
    answer = alices.post(f"/accounts/reauthenticate/?next={quote(there)}", {"password": PASSWORD, "next": there})
    assert answer.status_code == 302
    assert stays_here(answer.headers["Location"])


@pytest.mark.parametrize("there", ELSEWHERE)
@pytest.mark.parametrize("by", ["form", "header"])
def test_choosing_a_language_leads_to_a_page_of_ours(client: Client, there: str, by: str) -> None:
    sent = there.encode().decode("latin-1")
    form, headers = ({"next": there}, {}) if by == "form" else ({}, {"Referer": sent})
    answer = client.post("/language/", {"language": "de"} | form, headers=headers)
    assert stays_here(answer.headers["Location"])


@pytest.mark.parametrize(
    "path", ["//evil.example/", "//evil.example/meals", "/%5Cevil.example", "/admin//evil.example"]
)
def test_an_address_that_looks_like_a_host_leads_nowhere_else(alices: Client, client: Client, path: str) -> None:
    for browser in (alices, Client()):
        answer = browser.generic("GET", path)
        assert stays_here(answer.headers.get("Location", "/"))


@pytest.mark.parametrize("there", ELSEWHERE)
def test_a_fragment_leads_back_to_a_page_of_ours(client: Client, there: str) -> None:
    sent = there.encode().decode("latin-1")
    answer = client.get("/log/suggest/", headers={"HX-Request": "true", "HX-Current-URL": sent})
    assert stays_here(answer.headers["HX-Redirect"])
    login = client.get(answer.headers["HX-Redirect"])
    assert b'value="//' not in login.content


@pytest.mark.parametrize("there", ELSEWHERE)
def test_saving_and_deleting_lead_to_a_page_of_ours(alices: Client, alice: User, there: str) -> None:
    meal, entry = PortionFactory.create(meal__owner=alice).meal, EntryFactory.create(option__category__owner=alice)
    edible = EdibleFactory.create(owner=alice)
    forms = {
        f"/meals/{meal.pk}/": {"edible": "Oats", "category": "LUNCH", "eaten_at": "2026-03-01T12:30"},
        f"/meals/{meal.pk}/delete/": {},
        f"/wellbeing/entries/{entry.pk}/": {"option": entry.option_id, "recorded_at": "2026-03-01T12:30"},
        f"/wellbeing/entries/{entry.pk}/delete/": {},
        f"/edibles/{edible.pk}/edit/": {"name": "Oats of May"},
        f"/edibles/{edible.pk}/delete/": {},
    }
    for path, form in forms.items():
        answer = alices.post(f"{path}?next={quote(there)}", form)
        assert (path, answer.status_code) == (path, 302)
        assert stays_here(answer.headers["Location"])
