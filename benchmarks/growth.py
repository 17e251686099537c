"""What FoodMood needs when it grows, from what one person needs.

python -m benchmarks.growth [--people 1000000]

docs/scaling.md has it for a million. Figures of one person are by `python -m benchmarks.one_person`.
"""

import argparse
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

INSIGHTS = "look at insights, all computed anew"
REQUEST_HEADS = ("A person", "times a day", "web, ms", "database, ms")
CALCULATION_HEADS = ("What", "How much", "Why")


@dataclass(frozen=True, slots=True)
class Request:
    """One kind: how often a person does it on a day, and the processor time that it takes, in milliseconds."""

    a_day: float
    web: float
    database: float


# How often is an assumption; times are of a diary of five years, by benchmarks.one_person.
REQUESTS: Mapping[str, Request] = {
    "look at Today": Request(6, 8.1, 1.3),
    "look at a list": Request(3, 15.6, 5.2),
    "type a letter of a food's name": Request(12, 5.7, 0.7),
    "log a meal": Request(4, 14, 2.8),
    "check in": Request(3, 13, 3),
    INSIGHTS: Request(0.2, 1467, 33),
}
ROWS_A_DAY = 19.2
BYTES_A_DAY = 4040


@dataclass(frozen=True, slots=True)
class Assumptions:
    people: int = 1_000_000
    busiest_hour: float = 0.12  # of a day's requests: dinner, in one time zone
    busiest_minute: float = 1.5  # times the average minute of that hour
    busy: float = 0.6  # of a server's time, at most
    processors: int = 2  # of each web server: each computes insights for one person at a time
    threads: int = 4  # of each web process, one for each processor
    loose: float = 1.4  # pages of tables and indexes that many people write into are not as full as after an import
    days_in_memory: int = 14  # of everybody's diary: what Today and the lists show
    memory: int = 4  # GB, for each processor
    processor_price: float = 20  # a month, with that memory
    gigabyte_price: float = 0.15  # a month, on a fast disk


def calculation(given: Assumptions) -> list[tuple[str, str, str]]:
    """What, how much, and how it comes about."""
    a_day = sum(each.a_day for each in REQUESTS.values())
    days_a_second = given.people * given.busiest_hour / 3600 * given.busiest_minute  # of one person, in that minute
    web = days_a_second * sum(each.a_day * each.web for each in REQUESTS.values()) / 1000
    database = days_a_second * sum(each.a_day * each.database for each in REQUESTS.values()) / 1000
    insights = days_a_second * REQUESTS[INSIGHTS].a_day * REQUESTS[INSIGHTS].web / 1000
    servers = math.ceil(max(web / given.processors, insights) / given.busy) + 1
    bytes_a_day = given.people * BYTES_A_DAY * given.loose
    memory = bytes_a_day * given.days_in_memory / 1e9
    asked = math.ceil(database / given.busy)
    bought = max(asked, math.ceil(memory / given.memory))
    disk = bytes_a_day * 365 / 1e9
    processors = servers * given.processors + 2 * bought  # the database's twice: it has a replica
    rows = given.people * ROWS_A_DAY * 365
    disks = 3 * disk  # the replica has one, and so have backups
    cost = processors * given.processor_price + disks * given.gigabyte_price
    peak = f"{given.busiest_hour:.0%} of the day's in an hour, a minute of it {given.busiest_minute:g} times as busy"
    return [
        ("requests a day", f"{given.people * a_day / 1e6:,.1f} million", f"{a_day:g} of each person"),
        ("requests a second, in the busiest minute", f"{days_a_second * a_day:,.0f}", peak),
        ("processors at work for the web", f"{web:,.1f}", "those, by their milliseconds"),
        ("of them for insights", f"{insights:,.1f}", "one at a time on each server"),
        (
            "web servers",
            f"{servers}",
            f"of {given.processors} processors, at most {given.busy:.0%} busy, and one that may fail",
        ),
        (
            "connections without PgBouncer",
            f"{servers * given.processors * given.threads:,}",
            f"{given.threads} threads in a process for each processor",
        ),
        ("processors at work in the database", f"{database:,.1f}", "as above"),
        ("connections with PgBouncer", f"{4 * asked}", f"four for each of {asked} processors"),
        (
            "rows a year",
            f"{rows / 1e9:,.1f} billion",
            f"{ROWS_A_DAY:g} a day of each person",
        ),
        ("disk a year", f"{disk:,.0f} GB", f"{BYTES_A_DAY:,} bytes a day, {given.loose:g} times as loose"),
        ("the database's memory", f"{memory:,.0f} GB", f"everybody's last {given.days_in_memory} days"),
        (
            "cost of a month, after a year",
            f"{cost:,.0f}",
            f"{processors} processors of {given.processor_price:g}, {disks:,.0f} GB of {given.gigabyte_price:g}",
        ),
    ]


def markdown(rows: Sequence[Sequence[str]], heads: Sequence[str]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def requests() -> list[tuple[str, ...]]:
    return [(name, f"{each.a_day:g}", f"{each.web:g}", f"{each.database:g}") for name, each in REQUESTS.items()]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="What FoodMood needs when it grows.")
    parser.add_argument("--people", type=int, default=Assumptions().people)
    options = parser.parse_args()
    print(markdown(requests(), REQUEST_HEADS), end="\n\n")
    print(markdown(calculation(Assumptions(people=options.people)), CALCULATION_HEADS))
