"""`git push` to a platform, from the commit to somebody's diary."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

from cryptography import x509

from config.env import BASE_DIR
from tests.certificates import self_made
from tests.config.test_gunicorn import free_port
from tests.delivery.browser import Browser
from tests.delivery.every_page import demo_diary, open_every_page
from tests.delivery.platform import App
from tests.delivery.router import router
from tests.faults.postgres import postgres, programs
from tests.foodmood.processes import until
from tests.services import needed, program

HOST = "food.example.org"
ALICE = "alice@example.org"
DAY = "2026-03-01"
STRANGER = "203.0.113.66"


@contextmanager
def running(app: App, certificate: Path) -> Iterator[tuple[Browser, Browser]]:
    """All its processes behind the router; a browser over https, and one over http."""
    port = free_port()
    with router(port, certificate) as https, router(port) as http:
        browser = Browser(HOST, https, certificate)
        with app.process("web", port), app.process("worker", port):
            until(lambda: browser.ask("/ready/").status == HTTPStatus.OK, "the site to be ready")
            until(lambda: app.run("python", "manage.py", "worker_ready"), "the worker to show itself")
            yield browser, Browser(HOST, http)


def test_what_is_pushed_becomes_a_site_whose_diary_outlives_a_restart(tmp_path: Path) -> None:
    needed((BASE_DIR / ".git").exists(), "No git repository to push from.")
    program("git")
    where = programs()
    needed(where, "No PostgreSQL server is installed.")
    assert where
    certificate = self_made(tmp_path / "router.pem", x509.DNSName(HOST))
    app = App(tmp_path / "app")
    app.receive()
    app.build()
    with postgres(where) as server:
        server.query("CREATE DATABASE paas")
        app.create(DJANGO_ALLOWED_HOSTS=HOST, DATABASE_URL=server.url("paas"), SECURITY_CONTACT="security@example.org")
        app.release()
        with running(app, certificate) as (browser, plain):
            redirect = plain.ask("/accounts/login/?next=/")
            assert (redirect.status, redirect.headers["Location"]) == (301, f"https://{HOST}/accounts/login/?next=/")
            style = browser.stylesheet()
            assert (style.status, "immutable" in style.headers["Cache-Control"]) == (200, True)
            browser.sign_up(ALICE, **{"X-Forwarded-For": STRANGER, "X-Forwarded-Proto": "http"})
            browser.log_meal(DAY, "Porridge")
            archive = str(demo_diary(tmp_path))
            assert app.run("python", "manage.py", "import_diary", "--user", ALICE, "--format", "foodmood", archive)
            statuses = {route: answer.status for route, answer in open_every_page(browser).items()}
            assert {route: status for route, status in statuses.items() if status not in {200, 302}} == {}
        app.release()  # as each deploy does
        with running(app, certificate) as (browser, _plain):
            browser.log_in(ALICE)
            assert "Porridge" in browser.ask(f"/day/{DAY}/").body
            sessions = browser.ask("/accounts/sessions/").body
            assert STRANGER not in sessions
            assert "127.0.0.1" in sessions
