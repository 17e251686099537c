"""A person opens each page of a running site once: from the diary along every link, then what no page links to."""

import re

from django.urls import Resolver404, resolve

from tests.delivery.browser import Browser
from tests.faults.writers import Answer
from tests.isolation.table import ROWS, Row, Who

# No link in the diary leads there: these come in mails, or belong to a second factor, which this person has not.
ELSEWHERE = re.compile(r"<str:|\?P<|2fa/(webauthn/keys|recovery-codes|totp/deactivate)/")
LINK = re.compile(r'href="(/[^"#]*)')


def open_every_page(browser: Browser) -> dict[str, Answer]:
    """Return the answer of each route, asked by the first link to it. `browser` is logged in to a diary with data."""
    answers: dict[str, Answer] = {}
    waiting = ["/", *("/" + row.route for row in PAGES if "<" not in row.route)]
    while waiting:
        path = waiting.pop(0)
        route = _route(path)
        if route is not None and route not in answers:
            answers[route] = browser.ask(path)
            waiting += [link.replace("&amp;", "&") for link in LINK.findall(answers[route].body)]
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
