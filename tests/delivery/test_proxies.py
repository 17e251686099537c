"""FoodMood behind an nginx of somebody else's: wherever it listens, over plain http, and below a path."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from cryptography import x509

from tests.certificates import self_made
from tests.config.test_gunicorn import GUNICORN, free_port
from tests.delivery.browser import Browser
from tests.delivery.every_page import demo_diary, open_every_page
from tests.delivery.nginx import HOST, site
from tests.foodmood.processes import Site, until
from tests.services import program

ALICE = "alice@example.org"
DAY = "2026-03-01"
CONFIGURATION = """
daemon off; pid {folder}/proxy.pid; error_log {folder}/proxy.log; {user}
events {{ }}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} {tls};
        location {below}/ {{
            proxy_pass http://{upstream};
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Proto $scheme;
        }}
    }}
}}
"""


@dataclass(frozen=True)
class Place:
    """Where a site listens, and what its proxy makes of that."""

    site: Site
    bind: str

    @contextmanager
    def web(self, **environment: str) -> Iterator[Site]:
        site = replace(self.site, environment=self.site.environment | {"BIND": self.bind} | environment)
        with site.process("web", [GUNICORN, "config.wsgi"], "Booting worker"):
            yield site

    @contextmanager
    def proxy(self, *, certificate: Path | None = None, below: str = "", removed: bool = False) -> Iterator[Browser]:
        folder, port = self.site.folder, free_port()
        upstream = f"{self.bind}:" if self.bind.startswith("unix:") else self.bind
        tls = f"ssl; ssl_certificate {certificate}; ssl_certificate_key {certificate}" if certificate else ""
        file = folder / "proxy.conf"
        file.write_text(
            CONFIGURATION.format(
                folder=folder,
                user="user root;",
                port=port,
                tls=tls,
                below=below,
                upstream=f"{upstream}/" if removed else upstream,
            )
        )
        with subprocess.Popen([program("nginx", "nginx-light"), "-c", str(file)]) as nginx:  # noqa: S603 -- Debian's own
            try:
                until((folder / "proxy.pid").exists, "nginx to start")
                yield Browser(HOST, port, certificate, below=below)
            finally:
                nginx.terminate()


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Site:
    program("nginx", "nginx-light")
    return site(tmp_path_factory.mktemp("site"))


@pytest.fixture
def place(released: Site) -> Place:
    return Place(released, f"127.0.0.1:{free_port()}")


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return self_made(tmp_path / "proxy.pem", x509.DNSName(HOST))


@pytest.mark.parametrize("address", ["127.0.0.1:{port}", "[::1]:{port}", "unix:{folder}/web.sock"])
def test_it_listens_where_bind_says(released: Site, certificate: Path, address: str) -> None:
    place = Place(released, address.format(port=free_port(), folder=released.folder))
    with place.web() as web, place.proxy(certificate=certificate) as browser:
        until(lambda: browser.ask("/ready/").status == 200, "the site to be ready")
        assert browser.ask("/accounts/login/").status == 200
        assert "not ready" not in web.manage("ready")


def test_plain_http_at_home(place: Place) -> None:
    with place.web(DJANGO_HTTPS="0") as web, place.proxy() as browser:
        until(lambda: browser.ask("/ready/").status == 200, "the site to be ready")
        page = browser.ask("/accounts/login/")
        assert page.status == 200
        assert "Strict-Transport-Security" not in page.headers
        assert "upgrade-insecure-requests" not in page.headers["Content-Security-Policy"]
        browser.sign_up(ALICE)
        browser.log_meal(DAY, "Porridge")
        assert "Porridge" in browser.ask(f"/day/{DAY}/").body
        assert {"sessionid", "csrftoken", "device"} <= set(browser.cookies)
        assert not any(morsel["secure"] for morsel in browser.cookies.values())
        log = max(web.folder.glob("web.*.log"), key=lambda file: file.stat().st_mtime)
        assert "DJANGO_HTTPS=0: passwords and diaries cross the network unencrypted" in log.read_text()


def test_plain_http_without_a_proxy(place: Place) -> None:
    port = place.bind.rpartition(":")[2]
    with place.web(DJANGO_HTTPS="0", TRUSTED_PROXY_COUNT="0"):
        browser = Browser(f"{HOST}:{port}", int(port))
        until(lambda: browser.ask("/ready/").status == 200, "the site to be ready")
        browser.sign_up("bob@example.org")
        browser.log_meal(DAY, "Porridge")


@pytest.mark.parametrize("removed", [False, True], ids=["the proxy keeps the path", "the proxy removes it"])
def test_site_below_a_path(place: Place, certificate: Path, removed: bool) -> None:
    below = {"SCRIPT_NAME": "/food", "EMAIL_URL": "smtp://127.0.0.1:1", "DEFAULT_FROM_EMAIL": "diary@example.org"}
    below["SECURITY_CONTACT"] = "security@example.org"
    with (
        place.web(**below) as web,
        place.proxy(certificate=certificate, below="/food", removed=removed) as browser,
    ):
        until(lambda: browser.ask("/food/ready/").status == 200, "the site to be ready")
        assert browser.ask("/food/health/").status == 200
        assert "not ready" not in web.manage("ready")
        assert browser.ask("/food/").headers["Location"] == "/food/accounts/login/?next=/food/"
        style = browser.stylesheet()
        assert (style.status, "immutable" in style.headers["Cache-Control"]) == (200, True)
        somebody = f"{removed}@example.org".lower()
        browser.sign_up(somebody)
        confirm(web, somebody)
        browser.log_in(somebody)
        browser.log_meal(DAY, "Porridge")
        web.manage("import_diary", "--user", somebody, "--format", "foodmood", str(demo_diary(web.folder)))
        assert {morsel["path"] for morsel in browser.cookies.values()} == {"/food"}
        assert {name for name in browser.cookies if not name.startswith("__Secure-")} == set()
        statuses = {route: answer.status for route, answer in open_every_page(browser).items()}
        assert {route: status for route, status in statuses.items() if status not in {200, 302}} == {}
        links = [
            re.findall(r"https?://[^\s\"<>\\]+", message)
            for (message,) in web.rows("SELECT message FROM mail_queuedmail")
        ]
        assert links
        assert {link.startswith(f"https://{HOST}/food/") for mail in links for link in mail if HOST in link} == {True}


def confirm(web: Site, email: str) -> None:
    verified = f"EmailAddress.objects.filter(email={email!r}).update(verified=True)"
    web.ask(f"__import__('allauth.account.models').account.models.{verified}")
