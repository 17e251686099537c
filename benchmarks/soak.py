"""Eight people read and write for ten minutes: does anything fail, grow or pile up?

python -m benchmarks.soak [--minutes 10] [--clients 8]

Two web processes and the worker, on PostgreSQL. Exits with 1 after any error, when a web process has grown by 5 % since
it was warm, or when the web holds more connections to the database than it did until then.
"""

import argparse
import http.client
import random
import re
import sys
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median

import psycopg

from benchmarks.browser import Browser
from benchmarks.served import PEOPLE, Memory, Server, Site, signed_in, site

GROWTH = 1.05
WARM = 0.2  # of the time: until then caches fill and threads are new
SECONDS_BETWEEN_LOOKS = 5
READS = ("/", "/meals/", "/edibles/", "/wellbeing/", "/log/suggest/?q=oat", "/meals/?q=latte")
RARE_READS = ("/insights/", "/data/", "/account/")
WRITES = 0.4  # of what the writer does, as which half of the clients comes
RARE = 0.02  # of the other half
WRITER = PEOPLE[1]
SCALE = re.compile(r'name="(category-\d+)"\s+value="(\d+)"')


@dataclass
class Tally:
    answers: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    slowest: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str, wrong: str, seconds: float) -> None:
        with self._lock:
            self.answers[what] += 1
            self.slowest = max(self.slowest, seconds)
            if wrong:
                self.errors.append(f"{what}: {wrong}")

    def report(self, seconds: float) -> None:
        print(f"{self.answers.total():,} answers in {seconds:.0f} s, the slowest after {self.slowest:.1f} s")
        for what, number in self.answers.most_common():
            print(f"  {number:7,} {what}")
        print(f"{len(self.errors)} errors")
        for error, number in Counter(self.errors).most_common(10):
            print(f"  {number:7,} {error}")


@dataclass(frozen=True, slots=True)
class Look:
    """At the web's processes, at one moment."""

    rss: dict[int, float]
    connections: int

    @classmethod
    def at(cls, made: Site, server: Server) -> "Look":
        with psycopg.connect(made.environment["DATABASE_URL"], autocommit=True) as database:
            [(connections,)] = database.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name = 'foodmood web'"
            ).fetchall()
        return cls({process: Memory.of(process).rss for process in server.workers()}, connections)

    def __str__(self) -> str:
        return f"{', '.join(f'{size:.0f} MB' for size in self.rss.values())}; {self.connections} connections"


def run(*, minutes: float, clients: int) -> bool:
    with (
        site() as made,
        made.process("worker", [sys.executable, "manage.py", "qcluster"]),
        made.gunicorn("config.wsgi") as server,
        ThreadPoolExecutor(clients) as pool,
    ):
        started = time.monotonic()
        end = started + minutes * 60
        tally = Tally()
        people = [pool.submit(_use, server, PEOPLE[n % len(PEOPLE)], end, tally) for n in range(clients)]
        warming = _looks(made, server, until=started + minutes * 60 * WARM)
        warm = _looks(made, server, until=end)
        print(f"warm:   {warming[-1]}\nat end: {warm[-1]}")
        for person in people:
            person.result()  # raises what it raised
    tally.report(time.monotonic() - started)
    return not tally.errors and _is_steady(warming, warm)


def _looks(made: Site, server: Server, *, until: float) -> list[Look]:
    looks: list[Look] = []
    while not looks or time.monotonic() < until:
        time.sleep(max(0, min(SECONDS_BETWEEN_LOOKS, until - time.monotonic())))
        looks.append(Look.at(made, server))
    return looks


def _is_steady(warming: list[Look], warm: list[Look]) -> bool:
    processes = warm[0].rss.keys()
    if any(look.rss.keys() != processes for look in warm):
        print("a web process was replaced")
        return False
    part = -(-len(warm) // 4)  # medians of the first and of the last quarter: a long answer takes more for a moment
    growth = max(_usual(warm[-part:], process) / _usual(warm[:part], process) for process in processes)
    connections = [max(look.connections for look in looks) for looks in (warming, warm)]
    print(
        f"memory {growth - 1:+.1%} since warm; at most {connections[0]} connections until then, {connections[1]} since"
    )
    return growth < GROWTH and connections[1] <= connections[0]


def _usual(looks: list[Look], process: int) -> float:
    return median(look.rss[process] for look in looks)


def _use(server: Server, email: str, end: float, tally: Tally) -> None:
    browser = signed_in(server, email)
    while time.monotonic() < end:
        started = time.monotonic()
        # Of the reader, who logs nothing, insights are kept; of the writer they are nearly always computed anew.
        writes = email == WRITER and random.random() < WRITES  # noqa: S311 -- a load, no secret
        try:
            what, wrong = _write(browser) if writes else _read(browser)
        except OSError as error:
            what, wrong = "no answer", str(error)
        tally.note(what, wrong, time.monotonic() - started)


def _read(browser: Browser) -> tuple[str, str]:
    """What was done, and what was wrong with the answer."""
    path = random.choice(RARE_READS if random.random() < RARE else READS)  # noqa: S311 -- as above
    status, where, _body = browser.ask("GET", path)
    return f"GET {path}", "" if status == http.client.OK else f"{status} {where}"


def _write(browser: Browser) -> tuple[str, str]:
    """On the page of a day, as without JavaScript."""
    day = date.today() - timedelta(days=random.randrange(1, 1000))  # noqa: DTZ011, S311 -- any day will do
    _status, _where, page = browser.ask("GET", f"/day/{day}/")
    moment = f"{day}T{random.randrange(24):02}:{random.randrange(60):02}"  # noqa: S311 -- as above
    what, form = random.choice((_meal, _check_in))(moment, page)  # noqa: S311 -- as above
    status, where = browser.post(f"/day/{day}/{what}/", **form, submission=str(uuid.uuid4()))
    saved = (status, where) == (http.client.FOUND, f"/day/{day}/")
    return f"POST a {what}", "" if saved else f"{status} {where[:60]}"


def _meal(moment: str, _page: str) -> tuple[str, dict[str, str]]:
    edible = random.choice(("Porridge", "Latte", "Apple"))  # noqa: S311 -- as above
    return "meal", {"edible": edible, "category": "SNACK", "eaten_at": moment}


def _check_in(moment: str, page: str) -> tuple[str, dict[str, str]]:
    """One step of each scale on the page."""
    return "check-in", dict(SCALE.findall(page)) | {"recorded_at": moment, "notes": ""}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Eight people read and write for ten minutes.")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--clients", type=int, default=8)
    options = parser.parse_args()
    held = run(minutes=options.minutes, clients=options.clients)
    print("pass" if held else "FAIL")
    sys.exit(0 if held else 1)
