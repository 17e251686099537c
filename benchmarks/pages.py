"""Pages with ten rows and with a thousand: the number of queries must not change, and the time hardly."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.archive.model import Archive, Edible, Entry, Meal, Portion
from apps.portability.actions import import_archive
from apps.portability.demo import demo_categories
from benchmarks.clock import MILLISECONDS, cost, table

FEW, MANY = 10, 1000
HOURS_BETWEEN = 8
PAGES = ("today", "meals:list", "edibles:list", "wellbeing:history", "wellbeing:categories")


def run() -> None:
    few, many = _signed_in(FEW), _signed_in(MANY)
    rows = []
    for page in PAGES:
        path = reverse(page)
        small, large = (cost(_get, client, path, repeat=5) for client in (few, many))
        rows.append(
            (
                page,
                f"{small.queries}",
                f"{large.queries}",
                f"{small.seconds * MILLISECONDS:.0f}",
                f"{large.seconds * MILLISECONDS:.0f}",
                f"{large.seconds / small.seconds:.1f}",
            )
        )
    heads = ("page", f"queries, {FEW} rows", f"{MANY:,} rows", f"ms, {FEW} rows", f"{MANY:,} rows", "ratio")
    table("Pages: meals, edibles and entries, ten or a thousand of each", heads, rows)


def _get(client: Client, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:  # noqa: PLR2004 -- OK
        raise RuntimeError(f"{path} answered {answer.status_code}")


def _signed_in(size: int) -> Client:
    """A browser of somebody with so many meals, edibles and entries, three of each a day."""
    owner = User.objects.create_user(f"{size}@foodmood.example", consent_version="2026-12-01")
    now = timezone.now()
    moments = [now - timedelta(hours=HOURS_BETWEEN * number) for number in range(size)]
    categories = demo_categories()
    archive = Archive(
        timezone="UTC",
        edibles=tuple(Edible(f"Edible {number}") for number in range(size)),
        meals=tuple(
            Meal("LUNCH", moment, (Portion(f"Edible {number}"), Portion(f"Edible {(number + 1) % size}")))
            for number, moment in enumerate(moments)
        ),
        categories=categories,
        entries=tuple(
            Entry(
                (category := categories[number % len(categories)]).name,
                category.options[number % 5].label,
                moment,
            )
            for number, moment in enumerate(moments)
        ),
    )
    import_archive(owner=owner, archive=archive, restore=True)
    client = Client()
    client.force_login(owner)
    return client
