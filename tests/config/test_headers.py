"""Headers and cookies as a browser meets them: real gunicorn, production's settings, every kind of answer."""

import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from email.message import Message
from http.cookies import SimpleCookie
from pathlib import Path

import pytest

from config.env import BASE_DIR
from tests.config.test_gunicorn import ENVIRONMENT, get, gunicorn, prepare

EVERYWHERE = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-XSS-Protection": "0",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Reporting-Endpoints": 'csp="/csp-report/"',
    "Server": "FoodMood",
}
POLICY = {
    "default-src 'none'",
    "base-uri 'none'",
    "connect-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "manifest-src 'self'",
    "object-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "upgrade-insecure-requests",
    "report-to csp",
    "report-uri /csp-report/",
}
SIGN_IN = """
import sys
from config.env import start
start("prod")
import django
django.setup()
from django.conf import settings
from django.test import Client
from apps.accounts.models import User
client = Client()
client.force_login(User.objects.create_user(sys.argv[1], consent_version="2026-12-01"))
print(client.cookies[settings.SESSION_COOKIE_NAME].value)
"""
TOKEN = "a" * 32
CSRF = {"Cookie": f"__Host-csrftoken={TOKEN}", "X-CSRFToken": TOKEN, "Referer": "https://food.example.org/"}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: "Message[str, str]"
    body: str

    @property
    def cookies(self) -> SimpleCookie:
        return SimpleCookie("\r\n".join(self.headers.get_all("Set-Cookie") or []))


@dataclass(frozen=True)
class Site:
    """A FoodMood behind a proxy that ends TLS, and the session of somebody who is signed in to it."""

    address: str
    database: Path
    session: str

    def ask(self, path: str, data: bytes | None = None, /, **headers: str) -> Answer:
        forwarded = {"Host": "food.example.org", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
        return Answer(*get(f"{self.address}{path}", data, **forwarded | headers))

    def ask_signed_in(self, path: str, data: bytes | None = None, /, **headers: str) -> Answer:
        cookies = {"Cookie": f"__Host-csrftoken={TOKEN}; __Host-sessionid={self.session}"}
        return self.ask(path, data, **headers | cookies)


def sign_in(email: str, **environment: str) -> str:
    """A new person's session."""
    done = subprocess.run(  # noqa: S603 -- our own script
        [sys.executable, "-c", SIGN_IN, email],
        cwd=BASE_DIR,
        env=ENVIRONMENT | environment | {"TRUSTED_PROXY_COUNT": "0"},  # it comes through no proxy
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    database = folder / "foodmood.sqlite3"
    environment = {
        "DATABASE_URL": f"sqlite:///{database}",
        "TRUSTED_PROXY_COUNT": "1",
        "DJANGO_CSRF_TRUSTED_ORIGINS": "https://www.example.org",
    }
    prepare(**environment)
    session = sign_in("alice@example.org", **environment)
    with gunicorn(folder / "log", **environment) as address:
        yield Site(address, database, session)


Kind = Callable[[Site], Answer]


def page(site: Site) -> Answer:
    return site.ask_signed_in("/")


def sign_in_page(site: Site) -> Answer:
    return site.ask("/accounts/login/")


def fragment(site: Site) -> Answer:
    return site.ask_signed_in("/log/suggest/?q=oat", **{"HX-Request": "true"})


def static_file(site: Site) -> Answer:
    found = re.search(r'href="(/static/css/[^"]+)"', sign_in_page(site).body)
    assert found
    return site.ask(found[1])


def redirect_to_the_log_in(site: Site) -> Answer:
    return site.ask("/meals/")


def unknown_host(site: Site) -> Answer:
    return site.ask("/", Host="evil.example")


def form_without_token(site: Site) -> Answer:
    return site.ask("/accounts/login/", b"login=alice")


def unknown_page(site: Site) -> Answer:
    return site.ask_signed_in("/no/such/page/")


def wrong_method(site: Site) -> Answer:
    return site.ask("/csp-report/")


def too_many_tries(site: Site) -> Answer:
    for _ in range(100):
        answer = site.ask("/accounts/login/", b"login=nobody@example.org&password=wrong", **CSRF)
        if answer.status == 429:
            break
    return answer


def fault(site: Site) -> Answer:
    """A table that is gone while we serve."""
    with closing(sqlite3.connect(site.database, timeout=20)) as database:
        database.execute("ALTER TABLE meals_meal RENAME TO gone")
        try:
            return page(site)
        finally:
            database.execute("ALTER TABLE gone RENAME TO meals_meal")


def log_out(site: Site) -> Answer:
    return site.ask("/accounts/logout/", b"", **CSRF)


KINDS: dict[Kind, int] = {
    page: 200,
    sign_in_page: 200,
    fragment: 200,
    static_file: 200,
    redirect_to_the_log_in: 302,
    unknown_host: 400,
    form_without_token: 403,
    unknown_page: 404,
    wrong_method: 405,
    too_many_tries: 429,
    fault: 500,
    log_out: 302,
}


@pytest.mark.parametrize(("kind", "status"), KINDS.items(), ids=[kind.__name__ for kind in KINDS])
def test_every_kind_of_answer_carries_every_header_once(site: Site, kind: Kind, status: int) -> None:
    answer = kind(site)
    assert answer.status == status
    assert {name: answer.headers.get_all(name) for name in EVERYWHERE} == {
        name: [value] for name, value in EVERYWHERE.items()
    }
    [policy] = answer.headers.get_all("Content-Security-Policy") or []
    assert set(policy.split("; ")) == POLICY
    [permissions] = answer.headers.get_all("Permissions-Policy") or []
    assert "camera=()" in permissions
    assert "publickey-credentials-get=(self)" in permissions


def test_a_probe_has_the_headers_that_an_answer_to_a_program_needs(site: Site) -> None:
    answer = site.ask("/health/")
    needed = ("Strict-Transport-Security", "X-Content-Type-Options", "X-Frame-Options")
    assert {name: answer.headers[name] for name in needed} == {name: EVERYWHERE[name] for name in needed}
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Request-ID"]
    assert "Content-Security-Policy" not in answer.headers, "gunicorn looks at every letter"


def test_plain_http_is_led_to_https_without_a_word_of_hsts(site: Site) -> None:
    answer = site.ask("/meals/", **{"X-Forwarded-Proto": "http"})
    assert (answer.status, answer.headers["Location"]) == (301, "https://food.example.org/meals/")
    assert answer.headers["Content-Security-Policy"]
    assert answer.headers["Strict-Transport-Security"] is None


def test_an_unknown_host_over_plain_http_gets_the_headers_too(site: Site) -> None:
    answer = site.ask("/", **{"X-Forwarded-Proto": "http", "Host": "evil.example"})
    assert answer.status == 400
    assert answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("kind", [page, sign_in_page, fragment, unknown_page, redirect_to_the_log_in])
def test_no_cache_keeps_what_is_personal(site: Site, kind: Kind) -> None:
    assert {"private", "no-store"} <= set(kind(site).headers["Cache-Control"].split(", "))


def test_nobody_elses_page_may_read_a_static_file(site: Site) -> None:
    assert static_file(site).headers["Access-Control-Allow-Origin"] is None


def with_session_of(email: str, site: Site) -> Site:
    return replace(site, session=sign_in(email, DATABASE_URL=f"sqlite:///{site.database}"))


def test_a_log_out_empties_the_browser_but_keeps_its_other_cookies(site: Site) -> None:
    leaving = with_session_of("bob@example.org", site)
    answer = leaving.ask_signed_in("/accounts/logout/", b"", **CSRF)
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.cookies["__Host-sessionid"].value != leaving.session
    assert leaving.ask_signed_in("/").status == 302


def test_only_a_log_out_empties_the_browser(site: Site) -> None:
    assert page(site).headers["Clear-Site-Data"] is None


def test_every_cookie_is_for_this_host_over_https_and_no_script(site: Site) -> None:
    cookies = site.ask("/accounts/login/").cookies
    leaving = with_session_of("carol@example.org", site)
    cookies.update(leaving.ask_signed_in("/accounts/logout/", b"", **CSRF).cookies)
    assert set(cookies) == {"__Host-csrftoken", "__Host-sessionid"}
    for cookie in cookies.values():
        flags = {name: cookie[name] for name in ("secure", "httponly", "path", "samesite", "domain")}
        assert flags == {"secure": True, "httponly": True, "path": "/", "samesite": "Lax", "domain": ""}


@pytest.mark.parametrize(
    ("origin", "status"),
    [("https://food.example.org", 302), ("https://www.example.org", 302), ("https://evil.example", 403), ("null", 403)],
)
def test_a_form_is_taken_from_this_site_and_from_declared_origins_only(site: Site, origin: str, status: int) -> None:
    answer = site.ask_signed_in("/account/", b"time_zone=UTC&language=en", Origin=origin, **CSRF)
    assert answer.status == status
