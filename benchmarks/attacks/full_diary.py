"""A diary that has reached every limit: each of its pages must answer within a second, below 500 kB.

python -m benchmarks.attacks.full_diary
"""

import os
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from django.test import Client

    from apps.accounts.models import User

MOST_SECONDS, MOST_BYTES = 1.0, 500_000
TIMES = 3
OK, REFUSED = 200, 422
BATCH = 2000
FILLER = "Müsli & Äpfel mit Crème, "  # two-byte letters, and a sign that is escaped


class Page(NamedTuple):
    name: str
    path: str
    data: dict[str, Any] | None = None  # what is posted, if anything is


class Seen(NamedTuple):
    page: str
    status: int
    seconds: float
    size: int

    @property
    def holds(self) -> bool:
        is_expected = self.status in {OK, REFUSED}
        return is_expected and self.seconds < MOST_SECONDS and self.size < MOST_BYTES

    def __str__(self) -> str:
        verdict = "pass" if self.holds else "FAIL"
        return f"{verdict}  {self.status}  {self.seconds:5.2f} s  {self.size / 1000:5.0f} kB  {self.page}"


def text(number: int, length: int) -> str:
    """A name that begins with a number and has the greatest length."""
    return (f"{number:06} " + FILLER * (length // len(FILLER) + 1))[: length - 1] + "."


def fill(owner: "User", *, today: datetime) -> None:
    """Give the owner as much of everything as settings.DIARY_QUOTAS allows, with the longest names."""
    _foods(owner)
    _meals(owner, today)
    _ratings(owner, today)


def _foods(owner: "User") -> None:
    from django.conf import settings  # noqa: PLC0415 -- there may be no settings yet when this module is imported

    from apps.edibles.models import NAME_LENGTH, NOTES_LENGTH, Edible, Ingredient  # noqa: PLC0415 -- as above

    quotas = settings.DIARY_QUOTAS
    foods = Edible.objects.bulk_create(
        (
            Edible(owner=owner, name=text(n, NAME_LENGTH), notes=text(n, NOTES_LENGTH if n < BATCH else 1))
            for n in range(quotas["foods"])
        ),
        batch_size=BATCH,
    )
    links = _links(len(foods), quotas)
    Ingredient.objects.bulk_create(
        (Ingredient(owner=owner, container=foods[above], edible=foods[below]) for above, below in links),
        batch_size=BATCH,
    )


def _links(foods: int, quotas: dict[str, int]) -> list[tuple[int, int]]:
    """The last food is inside as many as may be; the first ones contain all that follow them, as many as may be."""
    most, left = quotas["ingredients_of_food"], quotas["ingredients"]
    links = [(above, foods - 1) for above in range(min(quotas["containers_of_food"], foods - 1, left))]
    for above in range(foods - 1):
        has = 1 if above < len(links) else 0
        for below in range(above + 1, min(above + 1 + most - has, foods - 1)):
            if len(links) == left:
                return links
            links.append((above, below))
    return links


def _meals(owner: "User", today: datetime) -> None:
    from django.conf import settings  # noqa: PLC0415 -- as above

    from apps.edibles.models import NOTES_LENGTH  # noqa: PLC0415 -- as above
    from apps.meals.models import SEARCH_LENGTH, TITLE_LENGTH, UNIT_LENGTH, Meal, Portion  # noqa: PLC0415 -- as above

    quotas = settings.DIARY_QUOTAS
    count, of_day = quotas["meals"], quotas["meals_of_day"]
    meals = Meal.objects.bulk_create(
        (
            Meal(
                owner=owner,
                title="" if n % 2 else text(n, TITLE_LENGTH),
                category="SNACK",
                eaten_at=_moment(n, of_day, today),
                notes=text(n, NOTES_LENGTH if n < of_day else SEARCH_LENGTH - TITLE_LENGTH),
            )
            for n in range(count)
        ),
        batch_size=BATCH,
    )
    foods = list(owner.edibles.order_by("-pk").values_list("pk", flat=True))
    full = min(of_day * quotas["portions_of_meal"], quotas["portions"])
    spread = (quotas["portions"] - full) // max(count - of_day, 1)
    portions = (
        (meal, foods[(n + place * place) % len(foods)] if place else foods[0])
        for n, meal in enumerate(meals)
        for place in range(quotas["portions_of_meal"] if n < of_day else spread)
    )
    Portion.objects.bulk_create(
        (
            Portion(owner=owner, meal=meal, edible_id=food, amount=1, unit=text(1, UNIT_LENGTH))
            for meal, food in portions
        ),
        batch_size=BATCH,
    )


def _ratings(owner: "User", today: datetime) -> None:
    from django.conf import settings  # noqa: PLC0415 -- as above

    from apps.wellbeing.models import (  # noqa: PLC0415 -- as above
        DESCRIPTION_LENGTH,
        NAME_LENGTH,
        NOTES_LENGTH,
        Category,
        Entry,
        Option,
    )

    quotas = settings.DIARY_QUOTAS
    categories = Category.objects.bulk_create(
        Category(
            owner=owner,
            name=text(n, NAME_LENGTH),
            description=text(n, DESCRIPTION_LENGTH),
            icon="👩‍🚀",
            is_active=n < quotas["active_categories"],
        )
        for n in range(quotas["categories"])
    )
    options = Option.objects.bulk_create(
        (
            Option(category=category, label=text(n, NAME_LENGTH), value=n, order=n, color="#3f8f6b")
            for category in categories
            for n in range(quotas["steps_of_category"])
        ),
        batch_size=BATCH,
    )
    steps = quotas["steps_of_category"]
    of_day = quotas["entries_of_day"]
    active = options[: quotas["active_categories"] * steps]
    rated = (active[(n * (steps + 1)) % len(active)] for n in range(quotas["entries"]))
    Entry.objects.bulk_create(
        (
            Entry(
                owner=owner,
                category_id=option.category_id,
                option=option,
                recorded_at=_moment(n, of_day, today),
                notes=text(n, NOTES_LENGTH) if n < of_day else "",
            )
            for n, option in enumerate(rated)
        ),
        batch_size=BATCH,
    )


def _moment(number: int, of_day: int, today: datetime) -> datetime:
    """A full day today, and the rest on the days before it, in the order of newest first."""
    noon = today.replace(hour=12, minute=0, second=0, microsecond=0)
    if number < of_day:
        return noon - timedelta(minutes=number % 60)
    number -= of_day
    per_day = min(of_day, 50)
    return noon - timedelta(days=1 + number // per_day, minutes=number % per_day)


def pages(owner: "User") -> Iterator[Page]:
    """Every page of the diary, with what is long on it, and the answers to what is typed."""
    from django.urls import reverse  # noqa: PLC0415 -- as above

    first, last = owner.edibles.order_by("pk")[0].pk, owner.edibles.order_by("-pk")[0].pk
    newest = owner.meals.all()[0]
    rated = owner.entries.all()[0]
    day = newest.eaten_at.date()
    words = "musli apfel creme mit 000001 0000 usli rem"
    yield Page("Today", reverse("today"))
    yield Page("the full day", reverse("day", args=[day]))
    for query in ("page=1", "page=5", "page=99", "part=2", "part=99"):
        yield Page(f"the full day, {query}", f"{reverse('day', args=[day])}?{query}")
    for query in ("", "page=9999", "q=musli", f"q={words}", "q=nothing"):
        yield Page(f"meals {query}", f"{reverse('meals:list')}?{query}")
    yield Page("meals with the most used food", f"{reverse('meals:list')}?edible={last}")
    yield Page("meals with the first food", f"{reverse('meals:list')}?edible={first}")
    yield Page("a full meal", reverse("meals:meal", args=[newest.pk]))
    for query in ("", "page=9999", "q=musli", f"q={words}", "q=000001"):
        yield Page(f"foods {query}", f"{reverse('edibles:list')}?{query}")
    most_used = owner.edibles.get(pk=last).name[:7]
    yield Page("foods with the most used one", f"{reverse('edibles:list')}?q={most_used}")
    for name, pk in (("the most ingredients", first), ("the most containers", last)):
        yield Page(f"a food with {name}", reverse("edibles:edible", args=[pk]))
        yield Page(f"change a food with {name}", reverse("edibles:edit", args=[pk]))
    yield Page("a new food", reverse("edibles:new"))
    for query in ("", "page=99999"):
        yield Page(f"ratings {query}", f"{reverse('wellbeing:history')}?{query}")
    yield Page("ratings of one category", f"{reverse('wellbeing:history')}?category={rated.category_id}")
    yield Page("a rating", reverse("wellbeing:entry", args=[rated.pk]))
    yield Page("categories", reverse("wellbeing:categories"))
    yield Page("a category", reverse("wellbeing:category", args=[rated.category_id]))
    for query in ("", "m", "musli apfel", "000001", "zzz"):
        yield Page(f"type-ahead {query}", f"{reverse('suggest')}?q={query}")
    yield Page("type-ahead for the most used food", f"{reverse('suggest')}?q={most_used}")
    yield Page("import and export", reverse("portability:index"))
    yield Page("account", reverse("accounts:profile"))
    yield Page(
        "log a meal too many",
        reverse("log-meal", args=[day]),
        {"edible": "Something new", "category": "SNACK", "eaten_at": f"{day}T12:00"},
    )


def look(client: "Client", page: Page, *, times: int = 1) -> Seen:
    """The quickest of several times, in processor time of this process with its SQLite: what else the machine does does
    not count.
    """
    seconds = []
    for _ in range(times):
        started = time.process_time()
        answer = client.get(page.path) if page.data is None else client.post(page.path, page.data)
        size = len(answer.content)
        seconds.append(time.process_time() - started)
    return Seen(page.name, answer.status_code, min(seconds), size)


def run() -> bool:
    """Print a line for each page, and return whether all hold. Needs a database that is empty."""
    from django.test import Client  # noqa: PLC0415 -- as above
    from django.utils import timezone  # noqa: PLC0415 -- as above

    from apps.accounts.consent import VERSION  # noqa: PLC0415 -- as above
    from apps.accounts.models import User  # noqa: PLC0415 -- as above

    agreed: dict[str, Any] = {"consented_at": timezone.now(), "consent_version": VERSION}
    owner = User.objects.create_user("full@foodmood.example", **agreed)
    started = time.perf_counter()
    fill(owner, today=timezone.now())
    print(f"A diary at every limit, made in {time.perf_counter() - started:.0f} s\n")
    client = Client()
    client.force_login(owner)
    client.get("/")  # templates are read once
    seen = []
    for page in pages(owner):
        seen.append(look(client, page, times=TIMES))
        print(f"  {seen[-1]}", flush=True)
    return all(one.holds for one in seen)


def main() -> bool:
    with tempfile.TemporaryDirectory(prefix="foodmood-full-diary-") as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(folder, 'full.sqlite3')}")
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        from config.env import start  # noqa: PLC0415 -- as above

        start("test")
        import django  # noqa: PLC0415 -- as above

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415 -- as above
        from django.db import connection  # noqa: PLC0415 -- as above

        call_command("migrate", verbosity=0)
        try:
            return run()
        finally:
            connection.close()


if __name__ == "__main__":
    warnings.simplefilter("default")
    sys.exit(0 if main() else 1)
