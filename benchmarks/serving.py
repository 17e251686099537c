"""What production serves in a second, beside the least that gunicorn and the least that Django can do.

python -m benchmarks.serving [--rounds 5] [--seconds 2]

All of them wait in gunicorns of their own and are asked in turn, round after round: what else this machine does meets
them all alike. Figures are medians over the rounds, ratios those within a round. Exits with 1 when a bar is missed, and
with REQUIRE_SERVICES=1 when one could not be measured.
"""

import argparse
import os
import sys
from collections.abc import Callable
from functools import partial
from statistics import median

import psycopg

from benchmarks.bars import Bar, all_held
from benchmarks.clock import table
from benchmarks.load import WRK, Seen, load
from benchmarks.served import PEOPLE, Memory, Server, Site, signed_in, site

CLIENTS = (1, 8, 32)
HEALTH_OF_BARE = 0.80
TODAY_OF_MINIMAL = 0.30
WORKER_MEGABYTES = 110
BARE, MINIMAL, PAGE = "a bare WSGI app", "a minimal Django view", "the same as a page of ours"
HEALTH, TODAY = "/health/", "Today"

Round = dict[str, Seen]


def run(*, rounds: int = 5, seconds: int = 2) -> bool:
    """Whether every bar is held. What can't be measured here is left out, and said."""
    if WRK is None:
        return _leave_out("wrk is not installed (Debian: apt install wrk).")
    try:
        with site() as made:
            return _run(made, rounds=rounds, seconds=seconds)
    except psycopg.OperationalError as error:
        return _leave_out(f"PostgreSQL can't be reached: {error}")


def _leave_out(why: str) -> bool:
    """That is no bar missed, unless every service has to be there."""
    print(f"\nLeft out: {HEALTH} of {BARE}, {TODAY} of {MINIMAL}, MB of the largest worker: {why}")
    return os.environ.get("REQUIRE_SERVICES") != "1"


def _run(made: Site, *, rounds: int, seconds: int) -> bool:
    with (
        made.gunicorn("benchmarks.bare") as bare,
        made.gunicorn("benchmarks.minimal") as minimal,
        made.gunicorn("benchmarks.minimal_page") as page,
        made.gunicorn("config.wsgi") as ours,
    ):
        candidates = _candidates(bare=bare, minimal=minimal, page=page, ours=ours, seconds=seconds)
        seen: dict[int, list[Round]] = {clients: [] for clients in CLIENTS}
        for ask in candidates.values():
            ask(clients=max(CLIENTS))  # until every worker is warm
        for _ in range(rounds):
            for clients in CLIENTS:
                ours.wait_until_idle()
                seen[clients].append({name: ask(clients=clients) for name, ask in candidates.items()})
        ours.wait_until_idle()
        memory = [Memory.of(worker) for worker in ours.workers()]
    for clients, taken in seen.items():
        _print(clients, taken)
    print(
        "\nmemory of each worker after all that, its fair share of it in brackets: "
        + ", ".join(f"{each.rss:.0f} MB ({each.pss:.0f} MB)" for each in memory)
        + "\n"
    )
    bars = [
        *(Bar(f"{HEALTH} of {BARE}, {n} clients", _ratio(seen[n], HEALTH, BARE), HEALTH_OF_BARE) for n in CLIENTS),
        *(
            Bar(f"{TODAY} of {MINIMAL}, {n} clients", _ratio(seen[n], TODAY, MINIMAL), TODAY_OF_MINIMAL)
            for n in CLIENTS
        ),
        Bar("MB of the largest worker", max(each.rss for each in memory), WORKER_MEGABYTES, at_most=True),
    ]
    return all_held(bars)


def _candidates(
    *, bare: Server, minimal: Server, page: Server, ours: Server, seconds: int
) -> dict[str, Callable[..., Seen]]:
    reader, writer = (signed_in(ours, email) for email in PEOPLE)
    measure = partial(load, seconds=seconds, headers=reader.headers)
    post = {"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"}
    return {  # what is compared stands side by side: the machine is the same only for a moment
        BARE: partial(measure, bare.address),
        HEALTH: partial(measure, f"{ours.address}/health/"),
        MINIMAL: partial(measure, minimal.address),
        TODAY: partial(measure, f"{ours.address}/"),
        PAGE: partial(measure, page.address),
        "meals": partial(measure, f"{ours.address}/meals/"),
        "log a meal": partial(
            measure, ours.address, headers=writer.headers | post, script="log_meal", arguments=[writer.token]
        ),
        "insights, warm": partial(measure, f"{ours.address}/insights/"),  # the last: some go on when time is up
    }


def _ratio(taken: list[Round], name: str, to: str) -> float:
    return median(each[name].per_second / each[to].per_second for each in taken)


def _print(clients: int, taken: list[Round]) -> None:
    rows = [
        (
            name,
            f"{median(each[name].per_second for each in taken):,.0f}",
            f"{median(each[name].p99 for each in taken):,.1f}",
            f"{_ratio(taken, name, BARE):.3f}",
            f"{_ratio(taken, name, MINIMAL):.2f}",
            f"{_ratio(taken, name, PAGE):.2f}",
        )
        for name in taken[0]
    ]
    title = f"Served to {clients} client(s) by two workers on PostgreSQL, {len(taken)} rounds"
    table(title, ("", "requests/s", "p99, ms", "of bare", "of minimal", "of such a page"), rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="What production serves in a second, and whether that is enough.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2, help="of each measurement")
    options = parser.parse_args()
    sys.exit(0 if run(rounds=options.rounds, seconds=options.seconds) else 1)
