import pytest
from django.core.exceptions import BadRequest
from django.test import Client, RequestFactory
from pytest_django import Settings

from foodmood.client_ip import client_ip
from tests.factories import PASSWORD, UserFactory


def seen(settings: Settings, forwarded: str | None, proxies: int) -> str:
    settings.TRUSTED_PROXY_COUNT = proxies
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return client_ip(RequestFactory(REMOTE_ADDR="10.0.0.1").get("/", headers=headers))


def test_without_a_proxy_the_header_is_a_strangers_word(settings: Settings) -> None:
    assert seen(settings, "203.0.113.9", proxies=0) == "10.0.0.1"


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ("203.0.113.9", 1, "203.0.113.9"),
        ("6.6.6.6, 203.0.113.9", 1, "203.0.113.9"),
        ("6.6.6.6, 203.0.113.9, 198.51.100.2", 2, "203.0.113.9"),
        ("2001:db8::7", 1, "2001:db8::7"),
        ("::ffff:203.0.113.9", 1, "203.0.113.9"),
        ("203.0.113.9:5678", 1, "203.0.113.9"),
        ("[2001:db8::7]:5678", 1, "2001:db8::7"),
        ("[2001:db8::7]", 1, "2001:db8::7"),
        ("[::ffff:203.0.113.9]:5678, 198.51.100.2:1", 2, "203.0.113.9"),
    ],
)
def test_behind_proxies_hops_are_counted_from_the_right(
    settings: Settings, forwarded: str, proxies: int, address: str
) -> None:
    assert seen(settings, forwarded, proxies) == address


@pytest.mark.parametrize("forwarded", [None, "", "unknown", "203.0.113.9", "x:1, 203.0.113.9", "[x]:1, 203.0.113.9"])
def test_fewer_hops_than_promised_are_a_bad_request(settings: Settings, forwarded: str | None) -> None:
    with pytest.raises(BadRequest):
        seen(settings, forwarded, proxies=2)


@pytest.mark.django_db
def test_too_few_hops_at_the_log_in_are_a_400(client: Client, settings: Settings) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    assert client.post("/accounts/login/", {"login": "a@example.org", "password": "x"}).status_code == 400


@pytest.mark.django_db
def test_behind_a_proxy_one_stranger_locks_nobody_else_out(client: Client, settings: Settings) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    UserFactory.create(email="alice@example.org")
    for attempt in range(40):
        bad = {"login": f"a{attempt}@example.org", "password": "wrong"}
        client.post("/accounts/login/", bad, headers={"X-Forwarded-For": "6.6.6.6"})
    good = {"login": "alice@example.org", "password": PASSWORD}
    answer = client.post("/accounts/login/", good, headers={"X-Forwarded-For": "203.0.113.9"})
    assert answer.status_code == 302


@pytest.mark.django_db
def test_too_many_proxies_fail_at_log_in_only(client: Client, settings: Settings) -> None:
    settings.TRUSTED_PROXY_COUNT = 2
    one_hop = {"X-Forwarded-For": "203.0.113.9"}
    assert client.get("/accounts/login/", headers=one_hop).status_code == 200
    form = {"login": "alice@example.org", "password": PASSWORD}
    assert client.post("/accounts/login/", form, headers=one_hop).status_code == 400
