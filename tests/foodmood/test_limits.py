import re

import pytest
from django.conf import settings as site
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import Settings

from apps.accounts.models import User
from config.env import BASE_DIR
from tests.conftest import confirm
from tests.downloads import close

pytestmark = pytest.mark.django_db

ACTIONS = [action for action in site.RATE_LIMITS if ":" in action]


def view_names(resolver: URLResolver, namespace: str = "") -> set[str]:
    names: set[str] = set()
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            names.add(f"{namespace}{entry.name}")
        else:
            names |= view_names(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
    return names


def test_every_limit_names_a_page_there_is() -> None:
    assert {action.partition(":")[2] for action in ACTIONS} <= view_names(get_resolver())


def test_every_limit_counts_an_address() -> None:
    assert [action for action in ACTIONS if not site.RATE_LIMITS[action].endswith("/ip")] == []


def test_the_page_of_limits_says_what_holds() -> None:
    page = (BASE_DIR / "docs" / "limits.md").read_text(encoding="utf-8")
    described = dict(re.findall(r"^\| [^|]+ \| `([^`]+)` \| `([^`]+)` \|$", page, re.MULTILINE))
    assert described == site.RATE_LIMITS


def test_the_page_of_limits_says_how_much_is_taken() -> None:
    page = (BASE_DIR / "docs" / "limits.md").read_text(encoding="utf-8")
    described = dict(re.findall(r"^\| [^|]+ \| `([A-Z_]+)` \| (\d+)", page, re.MULTILINE))
    assert described == {name: str(getattr(site, name)) for name in described}
    mine = {name for name in dir(site) if name.startswith(("DATA_UPLOAD_", "IMPORT_")) and name != "IMPORT_LOCK"}
    assert mine <= set(described)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/accounts/login/", "POST:account_login"),
        ("/accounts/signup/", "POST:account_signup"),
        ("/accounts/password/reset/", "POST:account_reset_password"),
    ],
)
def test_a_stranger_who_comes_too_often_is_told_when_to_come_back(
    client: Client, settings: Settings, path: str, line: str
) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {line: "2/h/ip"}
    assert [client.post(path, {"email": "x"}).status_code for _ in range(2)] == [200, 200]
    answer = client.post(path, {"email": "x"})
    assert answer.status_code == 429
    assert 3590 <= int(answer.headers["Retry-After"]) <= 3600
    assert "Try again in 60 minutes" in answer.content.decode()


def test_looking_at_a_form_is_not_counted(client: Client, settings: Settings) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"POST:account_login": "1/h/ip"}
    assert [client.get("/accounts/login/").status_code for _ in range(3)] == [200] * 3


def test_nobody_is_buried_in_mail_whatever_the_senders_address(client: Client, settings: Settings) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    answers = [
        client.post(
            "/accounts/password/reset/",
            {"email": ["carol@example.org", "CAROL@example.org"][n % 2]},
            headers={"X-Forwarded-For": f"198.51.100.{n}"},
        ).status_code
        for n in range(7)
    ]
    assert answers == [302] * 5 + [429] * 2


def test_forms_without_an_address_do_not_share_one_count(client: Client, settings: Settings) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    answers = {
        client.post("/accounts/signup/", {}, headers={"X-Forwarded-For": f"198.51.100.{n}"}).status_code
        for n in range(15)
    }
    assert answers == {200}


def test_addresses_of_one_ipv6_network_are_one(client: Client, settings: Settings) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"POST:account_signup": "2/h/ip"}
    answers = [
        client.post("/accounts/signup/", {}, headers={"X-Forwarded-For": f"2001:db8::{n}"}).status_code
        for n in range(3)
    ]
    assert answers == [200, 200, 429]


def test_downloads_are_counted_by_account(
    alices: Client, alice: User, bobs: Client, bob: User, settings: Settings
) -> None:
    confirm(alices, alice)
    confirm(bobs, bob)
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"GET:portability:export": "2/h/user"}
    asked = (alices.get, alices.head, alices.get, bobs.get)
    answers = [ask("/data/export/") for ask in asked]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 200]
    for answer in answers:
        close(answer)


def test_in_place_of_a_fragment_comes_a_notice(alices: Client, settings: Settings) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"POST:portability:import": "1/h/user"}
    alices.post("/data/import/", headers={"HX-Request": "true"})
    answer = alices.post("/data/import/", headers={"HX-Request": "true"})
    assert answer.status_code == 429
    assert answer.headers["HX-Retarget"] == "#main"
    assert answer.headers["Retry-After"]
    assert "<html" not in answer.content.decode()


def test_who_is_not_signed_in_is_not_counted_but_led_to_log_in(client: Client) -> None:
    for path in ("/data/export/", "/accounts/reauthenticate/", "/accounts/password/change/", "/accounts/email/"):
        assert client.post(path).status_code == 302


def test_a_password_is_not_guessed_by_changing_it(alices: Client, alice: User) -> None:
    form = {"oldpassword": "wrong", "password1": "rye-bread-at-dusk", "password2": "rye-bread-at-dusk"}
    answers = [alices.post("/accounts/password/change/", form).status_code for _ in range(12)]
    assert answers == [200] * 10 + [429] * 2
