"""Sixteen log-ins at one moment, while web and worker together may have 512 MB and somebody asks for /health/.

python -m benchmarks.attacks.log_ins

With FoodMood's hashes; then a flood; then with those of Django's defaults (100 MiB each), which log-in replaces. Of
these one is verified at a time in each process, so some people may be told to try again.
"""

import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http import HTTPStatus
from statistics import quantiles

from benchmarks.attacks.limited import Running, site
from benchmarks.bars import Bar, all_held
from benchmarks.browser import Browser

PEOPLE, FLOOD = 16, 64
MEGABYTES, SECONDS = 512, 5
PASSWORD = "oat-milk-at-noon"  # noqa: S105 -- of accounts that are gone after the run

MAKE_PEOPLE = f"""
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import Argon2PasswordHasher
from apps.accounts.models import User
for number in range({2 * PEOPLE}):
    person = User.objects.create_user(f"person{{number}}@example.org", {PASSWORD!r})
    if number >= {PEOPLE}:
        person.password = Argon2PasswordHasher().encode({PASSWORD!r}, "a-salt-of-enough-letters")
        person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
"""


class Watch:
    """Asks for /health/ and weighs the site, again and again."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.megabytes = self.slowest = 0.0
        self.unanswered = 0
        self._over = threading.Event()

    def ask(self) -> None:
        browser = Browser(self.running.server.address, "203.0.113.1")
        while not self._over.wait(0.05):
            begun = time.monotonic()
            try:
                self.unanswered += browser.ask("GET", "/health/")[0] != HTTPStatus.OK
            except OSError:
                self.unanswered += 1
            self.slowest = max(self.slowest, time.monotonic() - begun)

    def weigh(self) -> None:
        while not self._over.wait(0.02):
            self.megabytes = max(self.megabytes, self.running.megabytes())

    @contextmanager
    def watching(self) -> Iterator[None]:
        with ThreadPoolExecutor(2) as pool:
            looks = [pool.submit(self.ask), pool.submit(self.weigh)]
            try:
                yield
            finally:
                time.sleep(0.2)
                self._over.set()
            for look in looks:
                look.result()


def log_in(browser: Browser, number: int) -> tuple[int, float]:
    """Status and seconds; 0 if the connection broke."""
    begun = time.monotonic()
    try:
        status, _where = browser.log_in(f"person{number}@example.org", PASSWORD)
    except OSError:
        status = 0
    return status, time.monotonic() - begun


def together(running: Running, what: str, people: range, *, address: str, at_least: int) -> list[Bar]:
    """All of them at one moment."""
    browsers = [Browser(running.server.address, address.format(n)) for n in people]
    for browser in browsers:
        browser.get("/accounts/login/")
    workers, kills = running.server.workers(), running.limit.kills()
    watch = Watch(running)
    with watch.watching(), ThreadPoolExecutor(len(people)) as pool:
        answers = list(pool.map(log_in, browsers, people))
    killed = running.limit.kills() - kills + len(set(workers) - set(running.server.workers()))
    statuses = Counter(status for status, _seconds in answers)
    p95 = quantiles((seconds for _status, seconds in answers), n=20)[-1]
    print(f"{what}: answers by status {dict(statuses)}")
    return [
        Bar("let in", statuses[HTTPStatus.FOUND], at_least),
        Bar("connections that broke", statuses[0], 0, at_most=True),
        Bar("seconds in which 95 % are answered", p95, SECONDS, at_most=True),
        Bar("MB of web and worker together (PSS)", watch.megabytes, MEGABYTES, at_most=True),
        Bar("processes killed", killed, 0, at_most=True),
        Bar("/health/ not answered", watch.unanswered, 0, at_most=True),
        Bar("seconds of the slowest /health/", watch.slowest, SECONDS, at_most=True),
    ]


def main() -> None:
    with site(megabytes=MEGABYTES, people=MAKE_PEOPLE) as running:
        print(f"The limit of {MEGABYTES} MB is {running.limit.kind}. At rest: {running.megabytes():.0f} MB.")
        print(f"Load of the machine before it begins: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.")
        own, older, flood = range(PEOPLE), range(PEOPLE, 2 * PEOPLE), range(1000, 1000 + FLOOD)
        held = [
            all_held(together(running, "FoodMood's hashes", own, address="198.51.100.1", at_least=PEOPLE)),
            all_held(together(running, "a flood of strangers", flood, address="2001:db8:{}::1", at_least=0)),
            all_held(together(running, "Django's hashes", older, address="198.51.100.2", at_least=1)),
        ]
    sys.exit(0 if all(held) else 1)


if __name__ == "__main__":
    main()
