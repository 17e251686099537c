"""A megabyte that takes minutes to normalise, in forms, a file and addresses of a production site.

python -m benchmarks.attacks.normalising

Here over HTTP for a few of them; tests/isolation/test_normalisation.py walks every form and every address.
"""

import json
import sys
import time
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import quote

from benchmarks.attacks.limited import site
from benchmarks.bars import Bar, all_held
from benchmarks.browser import Browser

SIZE, SECONDS, MEGABYTES = 2**20, 1.0, 512
FORM = SIZE - 20_000  # the rest of a form, which may have a megabyte, is for its other fields
OWNER, PASSWORD = "owner@example.org", "oat-milk-at-noon"
SERVER_FAULT = 500

MAKE_OWNER = f"""
from allauth.account.models import EmailAddress
from apps.accounts.models import User
owner = User.objects.create_user({OWNER!r}, {PASSWORD!r})
EmailAddress.objects.create(user=owner, email=owner.email, verified=True, primary=True)
"""


def bomb(size: int) -> str:
    """Of this many bytes in UTF-8."""
    return "a" + "\u0301" * (size // 4) + "\u0316" * (size // 4)


FORMS = {
    "a food's name": ("/edibles/new/", "name", {}),
    "a food's notes": ("/edibles/new/", "notes", {"name": "Rice"}),
    "an ingredient": ("/edibles/new/", "added", {"name": "Rice"}),
    "a food in a meal": ("/day/2026-03-01/meal/", "edible", {"category": "LUNCH", "eaten_at": "2026-03-01T12:00"}),
    "a category": ("/wellbeing/categories/new/", "name", {"higher_is_better": "True"}),
    "the address at log-in": ("/accounts/login/", "login", {"password": PASSWORD}),
    "the address at sign-up": ("/accounts/signup/", "email", {"password1": PASSWORD}),
    "the page to return to": ("/accounts/login/", "next", {"login": OWNER, "password": PASSWORD}),
    "the page of a language": ("/language/", "next", {"language": "de"}),
}


def main() -> None:
    with site(megabytes=MEGABYTES, people=MAKE_OWNER) as running:
        address = running.server.address
        owner, stranger = Browser(address, "198.51.100.1"), Browser(address, "198.51.100.2")
        owner.log_in(OWNER, PASSWORD)
        owner.get("/edibles/new/")
        stranger.get("/accounts/login/")
        bars = []
        for what, (path, field, others) in FORMS.items():
            value = f"//{bomb(FORM)}" if field == "next" else bomb(FORM)
            browser = stranger if path.startswith("/accounts/") else owner
            bars.append(answered(what, browser, "POST", path, {**others, field: value}))
        archive = {"format": "foodmood", "version": 1, "timezone": "UTC", "meals": []}
        archive["edibles"] = [{"name": bomb(FORM), "ingredients": []}]
        file = json.dumps(archive | {"wellbeing": {"categories": [], "entries": []}}, ensure_ascii=False)
        table = f"Day,Group,Food Name,Amount\n2026-03-01,Lunch,{bomb(SIZE // 8)},1 g"
        for kind, content in (("foodmood", file), ("cronometer", table)):
            sent = {"kind": kind, "import": "1", "file": content}
            bars.append(answered(f"a file of {kind}", owner, "POST", "/data/import/", sent))
        for size in (SIZE, 1300):  # gunicorn refuses the first, and lets through the second
            path = f"/edibles/?q={quote(bomb(size))}"
            bars.append(answered(f"an address of {len(path):,} characters", owner, "GET", path))
    sys.exit(0 if all_held(bars) else 1)


def answered(what: str, browser: Browser, method: str, path: str, form: dict[str, str] | None = None) -> Bar:
    """How many seconds that took. A fault counts as never."""
    body = _parts({**form, "csrfmiddlewaretoken": browser.token}) if form else b""
    begun = time.monotonic()
    with closing(HTTPConnection(browser.server, timeout=120)) as connection:
        try:
            headers = browser.headers | {"Content-Type": "multipart/form-data; boundary=b"}
            connection.request(method, path, body, headers)
            status = connection.getresponse().status
        except ConnectionError:  # refused before it was read
            status = 0
    seconds = time.monotonic() - begun
    return Bar(f"seconds for {what} ({status})", seconds if status < SERVER_FAULT else 999, SECONDS, at_most=True)


def _parts(form: dict[str, str]) -> bytes:
    parts = []
    for name, value in form.items():
        file = "; filename=file" if name == "file" else ""
        parts.append(f'--b\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n{value}\r\n')
    return f"{''.join(parts)}--b--\r\n".encode()


if __name__ == "__main__":
    main()
