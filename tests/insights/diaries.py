"""Diaries whose answer is known, as archives and as rows."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from apps.accounts.models import User
from apps.archive.model import Archive, Category, Edible, Entry, Meal, Option, Portion
from apps.portability.actions import import_archive
from apps.portability.demo import demo_archive

EVENING = datetime(2026, 3, 1, 20, 0, tzinfo=ZoneInfo("Europe/Berlin"))
FORBIDDEN = ("trigger", "intoleran", "allerg", "causes", "caused")
SCALE = (Option("Low", 1), Option("High", 5))


@cache
def demo(days: int = 120) -> Archive:
    """In it milk raises bloating after 4–12 hours, and red wine lowers energy after 12–24 hours."""
    return demo_archive(until=EVENING, days=days)


def keep(owner: User, archive: Archive) -> None:
    """The archive becomes the owner's diary."""
    import_archive(owner=owner, archive=archive, restore=True)


def always_together(days: int = 60) -> Archive:
    """On every third day there is bread with butter, and a low mood after it."""
    first = datetime(2026, 1, 1, 8, tzinfo=UTC)
    mornings = [first + timedelta(days=day) for day in range(days)]
    bread, porridge, banana = ("Bread", "Butter"), ("Porridge",), ("Banana",)
    menu = [bread, porridge, porridge, bread, banana, banana]
    eaten = [menu[day % len(menu)] for day in range(days)]
    return Archive(
        timezone="UTC",
        edibles=tuple(Edible(name) for name in (*bread, *porridge, *banana)),
        meals=tuple(
            Meal("BREAKFAST", moment, tuple(Portion(name) for name in names))
            for moment, names in zip(mornings, eaten, strict=True)
        ),
        categories=(Category("Mood", SCALE),),
        entries=tuple(
            Entry("Mood", "Low" if names == bread else "High", moment + timedelta(hours=2))
            for moment, names in zip(mornings, eaten, strict=True)
        ),
    )
