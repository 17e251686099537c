"""Where a person is logged in."""

import time
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from mmdb_writer import MMDBWriter
from netaddr import IPSet
from pytest_django import Settings

from apps.accounts.middleware import LastSeen
from apps.accounts.models import User
from foodmood.devices import describe
from foodmood.places import place_of
from tests.accounts.mails import last_link
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

URL = "/accounts/sessions/"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"
CHROME = f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} Chrome/126.0.0.0 Safari/537.36"


def log_in(user: User, user_agent: str = CHROME, ip: str = "192.0.2.1") -> Client:
    browser = Client(REMOTE_ADDR=ip, headers={"user-agent": user_agent})
    browser.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/").status_code == 200


@pytest.fixture
def laptop(alice: User) -> Client:
    return log_in(alice)


@pytest.fixture
def phone(alice: User, laptop: Client) -> Client:
    return log_in(alice, FIREFOX, "192.0.2.77")


@pytest.fixture
def places(tmp_path: Path, settings: Settings) -> None:
    """A file in which 192.0.2.0/26 is Potsdam, and 192.0.2.64/26 somewhere in Germany."""
    germany = {"names": {"en": "Germany", "de": "Deutschland"}}
    writer = MMDBWriter(ip_version=6, ipv4_compatible=True, database_type="GeoLite2-City")
    writer.insert_network(IPSet(["192.0.2.0/26"]), {"city": {"names": {"en": "Potsdam"}}, "country": germany})
    writer.insert_network(IPSet(["192.0.2.64/26"]), {"country": germany})
    writer.to_db_file(str(tmp_path / "places.mmdb"))
    settings.GEOIP_PATH = tmp_path / "places.mmdb"


def test_each_device_is_named_in_words(laptop: Client, phone: Client) -> None:
    page = laptop.get(URL).content.decode()
    assert "Firefox on Android" in page
    assert "Chrome on Linux" in page
    assert "192.0.2.77" in page
    assert page.count("this device") == 1


def test_a_place_is_named_as_the_operators_file_has_it(laptop: Client, phone: Client, places: None) -> None:
    page = laptop.get(URL).content.decode()
    assert "Potsdam, Germany" in page
    assert place_of("192.0.2.77") == "Germany"
    with translation.override("de"):
        assert place_of("192.0.2.1") == "Potsdam, Deutschland"


@pytest.mark.parametrize("ip", ["198.51.100.1", "2001:db8::1", "", "nonsense"])
def test_a_place_that_nobody_knows_stays_empty(places: None, ip: str) -> None:
    assert place_of(ip) == ""


def test_a_broken_file_of_places_leaves_the_addresses(laptop: Client, tmp_path: Path, settings: Settings) -> None:
    settings.GEOIP_PATH = tmp_path / "broken.mmdb"
    settings.GEOIP_PATH.write_bytes(b"nothing of that kind")
    assert "192.0.2.1" in laptop.get(URL).content.decode()


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("curl/8.5.0", "curl"),
        ("", "An unknown device"),
        ("\0<script>", "An unknown device"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {WEBKIT} Version/17.5 Safari/604.1", "Safari on iOS"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Chrome/126.0.0.0 Safari/537.36", "Chrome on macOS"),
        (f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} Chrome/126.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
    ],
)
def test_a_browser_is_called_what_people_call_it(user_agent: str, words: str) -> None:
    assert describe(user_agent) == words


def test_one_session_can_be_ended(laptop: Client, phone: Client) -> None:
    pk = UserSession.objects.get(ip="192.0.2.77").pk
    assert laptop.post(f"/account/sessions/{pk}/end/").headers["Location"] == URL
    assert not is_in(phone)
    assert is_in(laptop)


def test_all_others_can_be_ended(laptop: Client, phone: Client) -> None:
    laptop.post(URL)
    assert not is_in(phone)
    assert is_in(laptop)


def test_ending_ones_own_is_logging_out(laptop: Client) -> None:
    laptop.post(f"/account/sessions/{UserSession.objects.get().pk}/end/")
    assert not is_in(laptop)


def test_a_strangers_session_is_neither_seen_nor_ended(bobs: Client, laptop: Client) -> None:
    session = UserSession.objects.get(ip="192.0.2.1")
    assert session.ip not in bobs.get(URL).content.decode()
    assert bobs.post(f"/account/sessions/{session.pk}/end/").status_code == 404
    assert Client().post(f"/account/sessions/{session.pk}/end/").headers["Location"].startswith("/accounts/login/")
    assert is_in(laptop)


def test_a_changed_password_ends_all_others(laptop: Client, phone: Client) -> None:
    new = "rye-bread-at-dawn"
    laptop.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert not is_in(phone)
    assert is_in(laptop)
    assert UserSession.objects.count() >= 1
    assert laptop.get(URL).content.decode().count("seen") == 1


def test_a_reset_password_ends_all_others_and_lets_in_who_did_it(alice: User, laptop: Client) -> None:
    browser = Client()
    browser.post("/accounts/password/reset/", {"email": alice.email})
    form = browser.get(last_link()).headers["Location"]
    new = "rye-bread-at-dawn"
    browser.post(form, {"password1": new, "password2": new})
    assert is_in(browser)
    assert not is_in(laptop)


def test_a_new_main_address_ends_all_others(alice: User, laptop: Client, phone: Client) -> None:
    EmailAddress.objects.create(user=alice, email="second@example.org", verified=True)
    laptop.post("/accounts/reauthenticate/", {"password": PASSWORD})
    laptop.post("/accounts/email/", {"email": "second@example.org", "action_primary": ""})
    assert not is_in(phone)
    assert is_in(laptop)


def test_log_in_under_way_is_ended_too(alice: User) -> None:
    """It read the person before the factor was added, and its session is written afterwards."""
    before = User.objects.get()
    Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={})
    late = Client()
    late.force_login(before)
    assert not is_in(late)


@pytest.mark.parametrize("url", ["/accounts/email/", "/accounts/2fa/"])
def test_pages_offer_to_log_out_others(laptop: Client, phone: Client, url: str) -> None:
    assert "one other device" in laptop.get(url).content.decode()
    laptop.post(URL)
    assert "Your other devices" not in laptop.get(url).content.decode()


def test_unused_session_ends(laptop: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on(monkeypatch, days=13)
    assert is_in(laptop)
    go_on(monkeypatch, days=15)
    assert not is_in(laptop)


def test_used_session_ends_after_ninety_days(laptop: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for _visit in range(8):
        go_on(monkeypatch, days=11)
        assert is_in(laptop)
    left = laptop.cookies["sessionid"]["max-age"]
    assert 0 < left <= 2 * 24 * 60 * 60
    go_on(monkeypatch, days=3)
    assert not is_in(laptop)


def test_new_password_starts_no_new_ninety_days(laptop: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    new = "rye-bread-at-dawn"
    for _visit in range(8):
        go_on(monkeypatch, days=11)
        assert is_in(laptop)
    laptop.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert is_in(laptop)
    go_on(monkeypatch, days=3)
    assert not is_in(laptop)


def go_on(monkeypatch: pytest.MonkeyPatch, *, days: int) -> None:
    """Let that many days pass."""
    clock, now = time.time, timezone.now
    monkeypatch.setattr(time, "time", lambda: clock() + days * 24 * 60 * 60)
    monkeypatch.setattr(timezone, "now", lambda: now() + timedelta(days=days))


def test_a_page_costs_nothing_more_while_the_device_was_seen_lately(laptop: Client) -> None:
    laptop.get("/account/")
    with CaptureQueriesContext(connection) as queries:
        laptop.get("/account/")
    assert len(queries) == 2  # the session and the person


def test_when_a_device_was_seen_is_noted_every_five_minutes(laptop: Client) -> None:
    laptop.get("/account/")
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(hours=1))
    laptop.get("/account/")
    assert timezone.now() - UserSession.objects.get().last_seen_at > timedelta(minutes=59)
    session = laptop.session
    session[LastSeen.KEY][-1] -= LastSeen.SECONDS
    session.save()
    laptop.get("/account/")
    assert timezone.now() - UserSession.objects.get().last_seen_at < timedelta(minutes=1)


def test_a_new_address_is_noted_at_once(laptop: Client) -> None:
    laptop.get("/account/")
    laptop.get("/account/", REMOTE_ADDR="192.0.2.99")
    assert UserSession.objects.get().ip == "192.0.2.99"


def test_a_session_that_was_opened_before_sessions_were_noted_is_noted(alice: User) -> None:
    browser = Client()
    browser.force_login(alice)
    browser.get("/account/")
    assert UserSession.objects.get().user == alice
