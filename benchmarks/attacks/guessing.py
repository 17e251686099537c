"""1,000 guesses at one account from 50 addresses, all at once, against a real gunicorn behind a declared proxy, while
the owner logs in from elsewhere: how many guesses were judged, and did the owner get in?

python -m benchmarks.attacks.guessing

On SQLite, or on the (empty) database that DATABASE_URL names. Exits with 1 if the answer is not what docs/adr/0012
promises.
"""

import http.client
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.browser import SITE, Browser
from config.env import BASE_DIR
from tests.config.test_gunicorn import ENVIRONMENT, gunicorn

GUESSES, ADDRESSES, ALLOWED = 1000, 50, 30
OWNER, PASSWORD, NEW_PASSWORD = "owner@example.org", "oat-milk-at-noon", "rye-bread-at-dusk"
RESET = "/accounts/password/reset/"

# Verified: where sign-up asks for that, only such an address may log in.
MAKE_OWNER = f"""
from allauth.account.models import EmailAddress
from apps.accounts.models import User
owner = User.objects.create_user({OWNER!r}, {PASSWORD!r}, consent_version="2026-12-01")
EmailAddress.objects.create(user=owner, email=owner.email, verified=True, primary=True)
"""


class Attack:
    """Answers by status, and how many there were so far."""

    def __init__(self, server: str) -> None:
        self.browsers = [Browser(server, f"198.51.100.{n}") for n in range(ADDRESSES)]
        self.answers: Counter[int] = Counter()
        self._lock = threading.Lock()

    def run(self) -> None:
        with ThreadPoolExecutor(ADDRESSES) as pool:
            for _ in pool.map(self._guess, self.browsers):
                """Raises what a guess raised."""

    def wait_for(self, answers: int) -> None:
        while self.answers.total() < answers:
            time.sleep(0.05)

    def _guess(self, browser: Browser) -> None:
        for n in range(GUESSES // ADDRESSES):
            status, _body = browser.log_in(OWNER, f"guess {n} of {browser.address}")
            with self._lock:
                self.answers[status] += 1


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="foodmood-brute-force-") as name:
        folder = Path(name)
        environment = {
            "DATABASE_URL": os.environ.get("DATABASE_URL") or f"sqlite:///{folder / 'foodmood.sqlite3'}",
            "DJANGO_SETTINGS_MODULE": "benchmarks.attacks.guessing_settings",
            "BRUTE_FORCE_FOLDER": name,
            "TRUSTED_PROXY_COUNT": "1",
            "WEB_CONCURRENCY": "2",
        }
        for command in (
            ["release", "--verbosity=0"],
            ["collectstatic", "--noinput", "--verbosity=0"],
            ["shell", "--verbosity=0", "--command", MAKE_OWNER],
        ):
            manage = [sys.executable, "manage.py", *command]
            subprocess.run(manage, cwd=BASE_DIR, env=ENVIRONMENT | environment, check=True)  # noqa: S603 -- our own
        with gunicorn(folder / "log", **environment) as server:
            sys.exit(0 if _run(server, folder) else 1)


def _run(server: str, folder: Path) -> bool:
    known = Browser(server, "203.0.113.1")
    known.log_in(OWNER, PASSWORD)
    known.get("/accounts/logout/")
    known.post("/accounts/logout/")
    judged_before = _wrong(folder)

    attack = Attack(server)
    begun = time.monotonic()
    attacking = threading.Thread(target=attack.run)
    attacking.start()
    attack.wait_for(GUESSES // 4)
    on_known_device = known.log_in(OWNER, PASSWORD)[0] == http.client.FOUND and known.is_signed_in()
    new = Browser(server, "203.0.113.2")
    status, page = new.log_in(OWNER, PASSWORD)
    told = status == http.client.TOO_MANY_REQUESTS and "a stranger who guesses" in page
    by_mail = _set_password_by_mail(new, folder)
    during = attack.answers.total()
    attacking.join()

    judged = _wrong(folder) - judged_before
    print(f"{attack.answers.total()} guesses from {ADDRESSES} addresses in {time.monotonic() - begun:.0f} s")
    print(f"answers by status: {dict(sorted(attack.answers.items()))}")
    print(f"judged: {judged} (at most {ALLOWED} are allowed in an hour)")
    print(f"the owner, when {during} guesses were answered:")
    print(f"  on a known device got in: {on_known_device}")
    print(f"  on a new device was told what goes on: {told}")
    print(f"  on a new device got in by the reset mail: {by_mail}")
    return attack.answers.total() == GUESSES and judged <= ALLOWED and on_known_device and told and by_mail


def _wrong(folder: Path) -> int:
    return (folder / "judged").read_text().count("wrong")


def _set_password_by_mail(browser: Browser, folder: Path) -> bool:
    browser.get(RESET)
    browser.post(RESET, email=OWNER)
    mails = [file.read_text() for file in (folder / "mail").iterdir()]
    link = next(found[1] for text in mails if (found := re.search(rf"https://{SITE}({RESET}key/\S+)", text)))
    form = browser.get(link)
    browser.post(form, password1=NEW_PASSWORD, password2=NEW_PASSWORD)
    return browser.is_signed_in()


if __name__ == "__main__":
    main()
