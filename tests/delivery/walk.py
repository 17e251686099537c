"""Somebody who opens every page that a site leads to."""

import re
from html.parser import HTMLParser
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

from tests.delivery.browser import Browser
from tests.isolation.table import EVERYBODY, PEOPLE, ROWS, Row

OPENED = {"href", "src", "hx-get"}
SENT = {"action", "hx-post", "hx-put", "hx-patch", "hx-delete", "data-url"}
# The administration is for operators; nobody is named for vulnerabilities; there is no second factor to manage.
LEFT_OUT = re.compile(
    r"admin/|accounts/logout/|\.well-known/security\.txt|accounts/2fa/(totp/deactivate|recovery-codes)"
)
# Links of mails, of a first visit, and of a log-in on its way, which no page shows.
NOT_LINKED = re.compile("key|token|uidb36|invitation|confirm|resume|redirect")


class Addresses(HTMLParser):
    """Those that a page names: `opened` by following it, `sent` a form."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.opened: set[str] = set()
        self.sent: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name in OPENED:
                self.opened.add(value or "")
            elif name in SENT and value:
                self.sent.add(value)


def walk(browser: Browser, *starts: str) -> set[str]:
    """The paths opened, one for each kind: a day stands for every day. Every answer is a page or leads to one."""
    waiting, seen, opened = list(starts), set[str](), set[str]()
    faults: list[tuple[str, object]] = []
    while waiting:
        address = waiting.pop()
        kind = re.sub(r"\d+", "0", re.sub(r"=[^&]*", "=", address))
        if kind in seen:
            continue
        seen.add(kind)
        answer = browser.ask(address)
        opened.add(address.partition("?")[0])
        if answer.status not in {HTTPStatus.OK, HTTPStatus.FOUND}:
            faults.append((address, answer.status))
        found = Addresses(answer.body) if "text/html" in answer.headers.get("Content-Type", "") else Addresses("")
        if "Location" in answer.headers:
            found.opened.add(answer.headers["Location"])
        ours = {path for each in found.opened if (path := _here(browser, address, each))}
        outside = [path for path in ours | found.sent if not urlsplit(path).path.startswith(f"{browser.below}/")]
        faults += [(address, f"leads to {path}") for path in outside]
        waiting += sorted(ours - set(outside))
    assert not faults, faults
    return opened


def _here(browser: Browser, page: str, address: str) -> str:
    """Path and query of an address on the same site; of any other, nothing."""
    whole = urlsplit(urljoin(f"{browser.scheme}://{browser.host}{page}", address))
    if whole.netloc != browser.host or whole.scheme != browser.scheme:
        return ""
    return whole.path + (f"?{whole.query}" if whole.query else "")


def open_every_page(browser: Browser) -> None:
    """All that somebody who is signed in may open. What takes a number or a day is opened where a page leads to it."""
    pages = [
        row
        for row in ROWS
        if row.who in {EVERYBODY, PEOPLE}
        and "GET" in row.answered
        and not LEFT_OUT.match(row.route)
        and not row.logs_out
    ]
    plain = sorted({row.route for row in pages if re.fullmatch(r"[\w./-]*", row.route)})
    opened = walk(browser, *(f"{browser.below}/{route}" for route in plain))
    missed = {row.route for row in pages if not any(_is_of(path, row, browser.below) for path in opened)}
    unseen = {route for route in missed if not NOT_LINKED.search(route)}
    assert not unseen, unseen


def _is_of(path: str, row: Row, below: str) -> bool:
    route = re.sub(r"<[^>]+>", "[^/]+", re.sub(r"\(\?P<.*?\)|[\^$]", "[^/]+", row.route))
    return re.fullmatch(f"{below}/{route}", path) is not None
