"""How an import knows a row again: its key in the file, and fingerprints of what was said and written."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import blake2b

from django.db import connection

from apps.accounts.models import User
from apps.archive.model import Archive, Category, Edible, Meal
from apps.portability.formats.sources import SourceKeys
from apps.portability.models import FINGERPRINT_LENGTH, Import, ImportedRow
from foodmood.names import fold

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of a row that a former import added or recognised."""

    pk: int
    kind: str
    row: int
    said: str
    written: str


def with_keys(archive: Archive) -> Archive:
    """An archive as FoodMood writes it, each row with a key: the time, and what it is called there.

    Notes, amounts and ratings are left out of the keys, so that a row is known after they were corrected.
    """
    keys = SourceKeys()
    meals = []
    for meal in archive.meals:
        source = keys.next("meal", meal.eaten_at.isoformat(), meal.category, meal.title)
        portions = tuple(replace(each, source=keys.next(source, each.edible)) for each in meal.portions)
        meals.append(replace(meal, portions=portions, source=source))
    entries = tuple(
        replace(each, source=keys.next("entry", each.recorded_at.isoformat(), each.category))
        for each in archive.entries
    )
    return replace(archive, meals=tuple(meals), entries=entries)


def edible_key(name: str) -> str:
    return SourceKeys().next("edible", fold(name))


def category_key(name: str) -> str:
    return SourceKeys().next("category", fold(name))


def known_rows(owner: User, archive: Archive) -> dict[str, Known]:
    """What is known of the rows of the archive, by key. One query: keys in it are judged here."""
    keys = set(_keys(archive))
    found = ImportedRow.objects.filter(owner=owner, key__isnull=False).order_by()
    columns = found.values_list("key", "pk", "kind", "row", "said", "written")
    return {
        key: Known(pk, kind, row, said, written)
        for key, pk, kind, row, said, written in columns.iterator()
        if key is not None and key in keys
    }


def _keys(archive: Archive) -> Iterator[str]:
    for meal in archive.meals:
        yield meal.source
        for portion in meal.portions:
            yield portion.source
    for entry in archive.entries:
        yield entry.source
    for edible in archive.edibles:
        yield edible_key(edible.name)
    for category in archive.categories:
        yield category_key(category.name)


def fingerprint(*values: object) -> str:
    text = "\x1f".join(map(str, values))
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=FINGERPRINT_LENGTH // 2).hexdigest()


def _plain(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount.normalize():f}"


def said_of_portion(amount: Decimal | None, unit: str) -> str:
    return fingerprint(_plain(amount), unit)


def written_portion(edible: int, amount: Decimal | None, unit: str) -> str:
    return fingerprint(edible, _plain(amount), unit)


def said_of_meal(meal: Meal) -> str:
    return fingerprint(meal.notes)


def written_meal(category: str, eaten_at: datetime, title: str, notes: str) -> str:
    return fingerprint(category, eaten_at.astimezone(UTC).isoformat(), title, notes)


def said_of_entry(option: int, notes: str) -> str:
    return fingerprint(option, notes)


def written_entry(category: int, option: int, recorded_at: datetime, notes: str) -> str:
    return fingerprint(category, option, recorded_at.astimezone(UTC).isoformat(), notes)


def said_of_edible(edible: Edible) -> str:
    return fingerprint(edible.notes, *sorted(map(fold, edible.ingredients)))


def written_edible(name: str, notes: str, ingredients: Iterable[int]) -> str:
    return fingerprint(name, notes, *sorted(ingredients))


def said_of_category(category: Category) -> str:
    return fingerprint(replace(category, options=tuple(sorted(category.options, key=lambda step: step.value))))


class Record:
    """Writes what an import added or recognised, some at a time. Without an import nothing is remembered.

    As values, not as models: of an import of 100,000 rows, making models of them took 40 % of the time.
    """

    COLUMNS = ("owner_id", "origin_id", "kind", "key", "row", "said", "written", "added")

    def __init__(self, origin: Import | None) -> None:
        self._origin = origin
        self._rows: list[tuple[int | str | bool | None, ...]] = []

    def note(  # noqa: PLR0913 -- a row has these parts
        self, kind: ImportedRow.Kind, *, key: str, row: int, said: str, written: str, added: bool = True
    ) -> None:
        if self._origin is None:
            return
        self._rows.append((self._origin.owner_id, self._origin.pk, kind.value, key or None, row, said, written, added))
        if len(self._rows) >= BATCH:
            self.flush()

    def flush(self) -> None:
        names = ", ".join(map(connection.ops.quote_name, self.COLUMNS))
        values = ", ".join(["%s"] * len(self.COLUMNS))
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {ImportedRow._meta.db_table} ({names}) VALUES ({values})",  # noqa: S608, SLF001 -- our own names
                self._rows,
            )
        self._rows.clear()
