"""Whole diaries: insights, import and export."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.urls import reverse

from apps.accounts.actions import delete_account
from apps.accounts.models import User
from apps.archive.reader import read_archive
from apps.insights.engine.analysis import analyse
from apps.insights.sources import diary_of
from apps.portability.actions import Origin, import_archive
from apps.portability.demo import demo_archive
from apps.portability.exports import exported
from apps.portability.models import Format
from apps.portability.reading import read_file
from benchmarks.clock import Cost, cost, table

SHORT, LONG = 120, 5 * 365
SERVINGS = 100_000
SERVINGS_PER_DAY = 16
UNTIL = datetime(2026, 3, 1, 20, tzinfo=ZoneInfo("Europe/Berlin"))


def run() -> None:
    _insights()
    _import_and_export()
    _deletion()


def _insights() -> None:
    short, long = _kept(SHORT), _kept(LONG)
    browsers = [_browser(owner) for owner in (short, long)]
    steps = {
        "read the diary": [cost(diary_of, owner, repeat=2) for owner in (short, long)],
        "analyse it": [cost(analyse, diary_of(owner), repeat=2) for owner in (short, long)],
        "the whole page": [cost(_page, browser) for browser in browsers],
        "the same page again": [cost(_page, browser, repeat=3) for browser in browsers],
    }
    rows = [(name, *(f"{one.queries}" for one in costs), *_seconds_and_ratio(*costs)) for name, costs in steps.items()]
    heads = ("", f"queries, {SHORT} days", "5 years", f"s, {SHORT} days", "5 years", "ratio")
    table(f"Insights: demo diaries, {LONG / SHORT:.1f} times as long", heads, rows)


def _seconds_and_ratio(small: Cost, large: Cost) -> tuple[str, str, str]:
    return f"{small.seconds:.2f}", f"{large.seconds:.2f}", f"{large.seconds / small.seconds:.1f}"


def _kept(days: int) -> User:
    owner = User.objects.create_user(
        f"{days}-days-{User.objects.count()}@foodmood.example", consent_version="2026-12-01"
    )
    import_archive(owner=owner, archive=demo_archive(until=UNTIL, days=days), restore=True)
    return owner


def _browser(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def _page(client: Client) -> None:
    answer = client.get(reverse("insights:index"))
    if b"Milk" not in answer.content:
        raise RuntimeError("the page does not show what acts")


def _import_and_export() -> None:
    costs = []
    for servings in (SERVINGS // 10, SERVINGS):
        owner = User.objects.create_user(f"{servings}-servings@foodmood.example", consent_version="2026-12-01")
        imported = cost(_import, _servings(servings), owner)
        exported = cost(_export, owner)
        costs.append((imported, exported, cost(read_archive, _export(owner))))
    names = ("import Cronometer's servings", "export the archive", "read the archive")
    rows = [(name, *_seconds_and_ratio(small, large)) for name, small, large in zip(names, *costs, strict=True)]
    heads = ("", f"s, {SERVINGS // 10:,} rows", f"{SERVINGS:,} rows", "ratio")
    table("Import and export: ten times as many rows", heads, rows)


def _import(data: bytes, owner: User) -> None:
    found = read_file(data=data, kind=Format("cronometer"), owner=owner, mapping={})
    if found.reading is None:
        raise RuntimeError("the servings were not read")
    origin = Origin(Format("cronometer"))
    import_archive(owner=owner, archive=found.reading.archive, restore=found.restores, origin=origin)


def _export(owner: User) -> bytes:
    return b"".join(exported(owner))


def _deletion() -> None:
    sessions = 1000
    for _ in range(sessions):
        SessionStore().create()
    costs = [cost(delete_account, _kept(days)) for days in (SHORT, LONG)]
    row = ("delete the account", *(f"{one.queries}" for one in costs), *_seconds_and_ratio(*costs))
    heads = ("", f"queries, {SHORT} days", "5 years", f"s, {SHORT} days", "5 years", "ratio")
    table(f"Deleting everything, beside {sessions} sessions of others", heads, [row])


def _servings(rows: int) -> bytes:
    """Four meals a day of four foods each, of five hundred."""
    first = datetime(2010, 1, 1, tzinfo=UTC)
    meals = (("08:05", "Breakfast"), ("12:30", "Lunch"), ("16:10", "Snacks"), ("19:00", "Dinner"))
    lines = ["Day,Time,Group,Food Name,Amount"]
    for row in range(rows):
        day = first + timedelta(days=row // SERVINGS_PER_DAY)
        time, group = meals[row // len(meals) % len(meals)]
        lines.append(f'{day:%Y-%m-%d},{time},{group},"Food {row * 7919 % 500}, plain",{row % 300 + 1}.00 g')
    return ("\n".join(lines) + "\n").encode()
