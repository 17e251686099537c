"""A person opens each page of a running site once: from the diary along every link, then what no page links to."""

import re
from pathlib import Path

from django.urls import Resolver404, resolve

from apps.archive.writer import write_archive
from tests.delivery.browser import Browser
from tests.faults.writers import Answer
from tests.insights.diaries import demo
from tests.isolation.table import ROWS, Row, Who

# No link in the diary leads there: these come in mails, or belong to a second factor, which this person has not.
ELSEWHERE = re.compile(r"<str:|\?P<|2fa/(webauthn/keys|recovery-codes|totp/deactivate)/")
LINK = re.compile(r'href="(/[^"#]*)')
ADDRESS = re.compile(r'(?:href|src|action|hx-(?:get|post|put|patch|delete)|data-url)="(/[^"#]*)')


def demo_diary(folder: Path) -> Path:
    """Return an archive in which every kind of page has something to show."""
    file = folder / "archive.json"
    file.write_bytes(write_archive(demo(days=30)))
    return file


def open_every_page(browser: Browser) -> dict[str, Answer]:
    """Return the answer of each route, asked by the first link to it. `browser` is logged in to a diary with data."""
    answers: dict[str, Answer] = {}
    below = browser.below
    waiting = [f"{below}/", *(f"{below}/{row.route}" for row in PAGES if "<" not in row.route)]
    while waiting:
        path = waiting.pop(0)
        route = _route(path.removeprefix(below))
        if route is not None and route not in answers:
            answers[route] = browser.ask(path)
            page = answers[route].body
            outside = {address for address in ADDRESS.findall(page) if not address.startswith(f"{below}/")}
            assert not outside, (path, outside)
            waiting += [link.replace("&amp;", "&") for link in LINK.findall(page)]
    missed = {row.route for row in PAGES} - answers.keys()
    assert not missed, missed
    return answers


def _is_for_people(row: Row) -> bool:
    anybody = row.who in {Who.EVERYBODY, Who.PEOPLE}
    return anybody and "GET" in (row.methods or "") and not ELSEWHERE.search(row.route)


PAGES = [row for row in ROWS if _is_for_people(row)]


def _route(path: str) -> str | None:
    """Return None for static files."""
    try:
        return resolve(path.partition("?")[0]).route
    except Resolver404:
        return None
