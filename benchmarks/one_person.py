"""What one person takes: rows and bytes a day, and the processor time of each kind of request, on PostgreSQL.

Processor time, not requests per second: what else the machine does hardly changes it.
"""

import os
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

from benchmarks.browser import Browser
from benchmarks.clock import table
from benchmarks.growth import INSIGHTS
from benchmarks.served import PEOPLE, YEARS, Memory, Server, Site, signed_in, site
from benchmarks.soak import SCALE

DAYS = YEARS * 365
TICK = 1000 / os.sysconf("SC_CLK_TCK")  # milliseconds: what the system counts processor time in
DIARY = ("meals_meal", "meals_portion", "wellbeing_entry")
# One process with one connection, which stays: what either takes can be read from it.
ONE = {"WEB_CONCURRENCY": "1", "DATABASE_POOL": "psycopg", "DATABASE_POOL_SIZE": "1"}
SELF_AND_CHILDREN = slice(11, 15)  # in /proc/PID/stat, after the name: user and system, then of children that ended


class Page(Browser):
    """As htmx sends what is filled in."""

    @property
    def headers(self) -> dict[str, str]:
        return super().headers | {"HX-Request": "true"}


def run() -> None:
    with site() as made, made.gunicorn("config.wsgi", **ONE) as server:
        _sizes(made)
        rows = []
        for name, (times, ask) in _kinds(server).items():
            ask()
            before = _spent(made, server)
            for _ in range(times):
                ask()
            spent = [(now - then) / times for now, then in zip(_spent(made, server), before, strict=True)]
            rows.append((name, f"{times}", *(f"{milliseconds:.1f}" for milliseconds in spent)))
        memory = [f"{Memory.of(worker).rss:.0f} MB" for worker in server.workers()]
    table("Processor time of a request", ("", "times", "web, ms", "database, ms"), rows)
    print(f"\nthe web process afterwards: {', '.join(memory)}")


def _sizes(made: Site) -> None:
    """Of diaries that were imported, so tables and indexes are as full as can be."""
    rows, total = [], [0, 0]
    with psycopg.connect(made.environment["DATABASE_URL"]) as database:
        for name in DIARY:
            size = sql.SQL("SELECT count(*), pg_table_size({0}), pg_indexes_size({0}) FROM {1}")
            query = size.format(sql.Literal(name), sql.Identifier(name))
            [(number, heap, indexes)] = database.execute(query).fetchall()
            days = DAYS * len(PEOPLE)
            rows.append((name, f"{number / days:.2f}", f"{heap / number:.0f}", f"{indexes / number:.0f}"))
            total = [total[0] + number / days, total[1] + (heap + indexes) / days]
    table("A day of one person", ("", "rows", "bytes of a row", "of its indexes"), rows)
    print(f"\ntogether {total[0]:.1f} rows and {total[1]:,.0f} bytes a day")


def _kinds(server: Server) -> Mapping[str, tuple[int, Callable[[], object]]]:
    reader, writer = (signed_in(server, email) for email in PEOPLE)
    page = Page(server.address, writer.address)
    page.cookies, page.token = writer.cookies, writer.token
    scales = dict(SCALE.findall(writer.ask("GET", "/")[2]))
    return {
        "look at Today": (100, lambda: reader.ask("GET", "/")),
        "look at a list": (100, lambda: reader.ask("GET", "/meals/")),
        "type a letter of a food's name": (100, lambda: reader.ask("GET", "/log/suggest/?q=oat")),
        "log a meal": (50, lambda: _write(page, "meal", edible="Porridge", category="SNACK")),
        "check in": (50, lambda: _write(page, "check-in", **scales)),
        INSIGHTS: (3, lambda: _insights(page, writer)),
    }


def _write(page: Page, what: str, **form: str) -> None:
    """On another day each time: the answer shows the day, which should stay as long as a day is."""
    now = datetime.now(UTC) - timedelta(days=next(_days))
    moments = {"eaten_at": f"{now:%Y-%m-%dT%H:%M}", "recorded_at": f"{now:%Y-%m-%dT%H:%M}"}
    status, answer = page.post(f"/day/{now:%Y-%m-%d}/{what}/", **moments, **form, submission=str(uuid.uuid4()))
    if status != 200:  # noqa: PLR2004 -- OK
        raise RuntimeError(f"{what}: {status} {answer[:300]}")


_days = count(1)


def _insights(page: Page, reader: Browser) -> None:
    """With the meal that makes what was kept a thing of the past."""
    _write(page, "meal", edible="Porridge", category="SNACK")
    reader.ask("GET", "/insights/")


def _spent(made: Site, server: Server) -> tuple[float, float]:
    """Milliseconds until now, of the web process with what it started, and of its connections' processes."""
    with psycopg.connect(made.environment["DATABASE_URL"]) as database:
        asked = (
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'foodmood web'"
        )
        backends = [pid for (pid,) in database.execute(asked)]
    return _ticks(server.workers()) * TICK, _ticks(backends) * TICK


def _ticks(processes: list[int]) -> int:
    stats = [Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split() for process in processes]
    return sum(int(ticks) for stat in stats for ticks in stat[SELF_AND_CHILDREN])


if __name__ == "__main__":
    run()
