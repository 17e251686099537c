"""A server of its own that docker-compose.prod.yml brings up: docs/deploy/docker.md."""

import re
from collections.abc import Iterator
from http import HTTPStatus

import pytest

from tests.config.test_gunicorn import get
from tests.delivery.docker.images import Images
from tests.delivery.docker.site import Site, stop
from tests.delivery.docker.site import site as new_site
from tests.faults.writers import DAY, Answer, Browser
from tests.foodmood.processes import until

WEB = "http://127.0.0.1:8000"
ALICE = {
    "email": "alice@example.org",
    "password1": "a long and quiet evening",
    "consent": "on",
    "time_zone": "Europe/Berlin",
}
PORRIDGE = {
    "title": "Porridge of the first day",
    "edible": "Oats",
    "amount": "",
    "unit": "",
    "category": "BREAKFAST",
    "eaten_at": f"{DAY}T08:05",
}


@pytest.fixture(scope="module")
def site(images: Images, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with new_site(tmp_path_factory.mktemp("server"), images) as site:
        yield site


def send(browser: Browser, page: str, to: str, form: dict[str, str]) -> Answer:
    """A form of that page, as a browser does."""
    shown = browser.ask(page)
    assert shown
    assert shown.status == 200, shown.body
    hidden = dict(re.findall(r'name="(csrfmiddlewaretoken|submission)" value="([^"]+)"', shown.body))
    answer = browser.ask(to, hidden | form)
    assert answer
    return answer


def serves() -> bool:
    try:
        return get(f"{WEB}/health/")[0] == HTTPStatus.OK
    except OSError:
        return False


def test_somebody_keeps_a_diary_that_is_still_there_after_a_restart(site: Site) -> None:
    browser = Browser(WEB, {})
    with site.up("web") as web:
        assert send(browser, "/accounts/signup/", "/accounts/signup/", ALICE).status in {200, 302}
        meal = {
            "title": "Porridge of the first day",
            "edible": "Oats",
            "amount": "",
            "unit": "",
            "category": "BREAKFAST",
        }
        answer = send(browser, f"/day/{DAY}/", f"/day/{DAY}/meal/", meal | {"eaten_at": f"{DAY}T08:05"})
        assert answer.status == 200, answer.body
        assert stop(web) == 0
    with site.up("web"):
        day = browser.ask(f"/day/{DAY}/")
        assert day
        assert PORRIDGE["title"] in day.body


def test_the_worker_is_well_by_its_own_health_check_until_it_is_told_to_stop(site: Site) -> None:
    assert not site.is_well("worker")
    with site.up("worker") as worker:
        assert stop(worker) == 0


def test_the_web_says_by_its_health_check_that_its_database_is_away(site: Site) -> None:
    hosts = site.folder / "hosts"
    there = hosts.read_text()
    hosts.write_text(there.replace("127.0.0.1", "127.0.0.1 localhost redis\n192.0.2.9"))  # where nobody is
    with site.started("web"):
        until(serves, "gunicorn to serve")
        told = site.run("web", *site.health_check("web"))
    hosts.write_text(there)
    assert told.returncode == 1
    assert "database: the PostgreSQL database" in told.stderr


def test_the_owner_of_the_tables_backs_them_up_by_hand(site: Site) -> None:
    taken = site.run("backup")
    assert taken.returncode == 0, taken.stderr
    backups = site.folder / "volumes" / "backups"
    assert sorted(file.suffix for file in backups.iterdir()) == [".dump", ".json"]
    listed = site.run("backup", "python", "manage.py", "backups")
    assert next(backups.glob("*.json")).stem in listed.stdout


def test_whoever_serves_may_write_rows_but_change_no_table(site: Site) -> None:
    sql = "from django.db import connection; connection.cursor().execute('ALTER TABLE meals_meal RENAME TO mine')"
    refused = site.run("web", "python", "manage.py", "shell", "--command", sql)
    assert "must be owner of table meals_meal" in refused.stderr


def test_the_release_lays_out_every_static_file_for_nginx(site: Site) -> None:
    laid_out = {file.name for file in (site.folder / "volumes" / "static").rglob("*")}
    assert laid_out == {file.name for file in site.images.foodmood.files("srv/foodmood/var/static")}
    assert any(re.fullmatch(r"foodmood\.[0-9a-f]{12}\.css\.br", name) for name in laid_out)
