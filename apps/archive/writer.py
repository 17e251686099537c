"""Archive format v1, written: the same diary gives the same bytes, whatever order its parts came in."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import TypeVar
from zoneinfo import ZoneInfo

from apps.archive import layout
from apps.archive.model import Archive, Category, Edible, Entry, Meal, Option, Portion

T = TypeVar("T")

PIECE = 500  # meals or entries


def write_archive(archive: Archive) -> bytes:
    """Canonical bytes. The archive is trusted to be valid; a time without a zone is a ValueError."""
    return b"".join(
        archive_pieces(
            timezone=archive.timezone,
            edibles=archive.edibles,
            meals=sorted(archive.meals, key=lambda meal: _utc(meal.eaten_at)),
            categories=archive.categories,
            entries=sorted(archive.entries, key=lambda entry: _utc(entry.recorded_at)),
        )
    )


def archive_pieces(
    *,
    timezone: str,
    edibles: Iterable[Edible],
    meals: Iterable[Meal],
    categories: Iterable[Category],
    entries: Iterable[Entry],
) -> Iterator[bytes]:
    """The same bytes, piece by piece, of meals and entries that come in the order of their times.

    Of these no more than a piece is held; edibles and categories are few.
    """
    zone = ZoneInfo(timezone)
    head = {"format": layout.FORMAT, "version": layout.VERSION, "timezone": timezone}
    yield f"{_json(head)[:-2]},\n".encode()
    yield from _list("  ", "edibles", map(_edible, sorted(edibles, key=lambda each: _folded(each.name))))
    yield b",\n"
    in_order = _sorted(meals, lambda meal: _utc(meal.eaten_at), _meal_order)
    yield from _list("  ", "meals", (_meal(meal, zone) for meal in in_order))
    yield b',\n  "wellbeing": {\n'
    by_name = sorted(categories, key=lambda each: _folded(each.name))
    yield from _list("    ", "categories", map(_category, by_name))
    yield b",\n"
    of_time = _sorted(entries, lambda entry: _utc(entry.recorded_at), _entry_order)
    yield from _list("    ", "entries", (_entry(entry, zone) for entry in of_time))
    yield b"\n  }\n}\n"


def _list(indent: str, key: str, items: Iterable[dict[str, object]]) -> Iterator[bytes]:
    """As json.dumps(indent=2) writes it, a few hundred items at a time."""
    inner = f"\n{indent}  "
    text = f'{indent}"{key}": ['
    number = 0
    for number, item in enumerate(items, 1):
        text += ("," if number > 1 else "") + inner + _json(item).replace("\n", inner)
        if number % PIECE == 0:
            yield text.encode()
            text = ""
    yield f"{text}\n{indent}]".encode() if number else f"{text}]".encode()


def _json(value: dict[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _sorted(items: Iterable[T], time: Callable[[T], datetime], order: Callable[[T], tuple[object, ...]]) -> Iterator[T]:
    """Those of one time among themselves, for the rest they are sorted."""
    for _time, of_one_time in groupby(items, key=time):
        yield from sorted(of_one_time, key=order)


def _folded(name: str) -> tuple[str, str]:
    return name.casefold(), name


def _meal_order(meal: Meal) -> tuple[object, ...]:
    return (
        _utc(meal.eaten_at),
        meal.category,
        meal.title,
        meal.notes,
        [_portion_order(each) for each in meal.portions],
        meal.time_guessed,
    )


def _portion_order(portion: Portion) -> tuple[object, ...]:
    return portion.edible, portion.amount is not None, portion.amount or Decimal(0), portion.unit


def _entry_order(entry: Entry) -> tuple[object, ...]:
    return _utc(entry.recorded_at), entry.category, entry.option, entry.notes, entry.time_guessed


def _utc(moment: datetime) -> datetime:
    # Within one zone Python compares clocks: the hour that autumn repeats would come out mixed.
    if moment.utcoffset() is None:
        raise ValueError(f"{moment!r} has no time zone")
    return moment.astimezone(UTC)


def _edible(edible: Edible) -> dict[str, object]:
    written: dict[str, object] = {"name": edible.name, "ingredients": sorted(edible.ingredients, key=_folded)}
    return written | ({"notes": edible.notes} if edible.notes else {})


def _meal(meal: Meal, zone: ZoneInfo) -> dict[str, object]:
    written: dict[str, object] = {
        "title": meal.title,
        "category": meal.category,
        "eaten_at": meal.eaten_at.astimezone(zone).isoformat(),
        "notes": meal.notes,
        "edibles": [_portion(portion) for portion in meal.portions],
    }
    return written | _guess(meal)


def _portion(portion: Portion) -> dict[str, object]:
    return {"name": portion.edible, "amount": _number(portion.amount), "unit": portion.unit}


def _number(amount: Decimal | None) -> int | float | None:
    """The shortest JSON number. A float holds an amount exactly: it has ten digits, a float fifteen."""
    if amount is None:
        return None
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _category(category: Category) -> dict[str, object]:
    return {
        "name": category.name,
        "description": category.description,
        "icon": category.icon,
        "is_active": category.is_active,
        "higher_is_better": category.higher_is_better,
        "options": [_option(option) for option in _in_order(category.options)],
    }


def _in_order(options: Iterable[Option]) -> list[Option]:
    return sorted(options, key=attrgetter("order", "value"))


def _option(option: Option) -> dict[str, object]:
    return {"label": option.label, "value": option.value, "color": option.color, "order": option.order}


def _entry(entry: Entry, zone: ZoneInfo) -> dict[str, object]:
    written: dict[str, object] = {
        "category": entry.category,
        "option": entry.option,
        "recorded_at": entry.recorded_at.astimezone(zone).isoformat(),
        "notes": entry.notes,
    }
    return written | _guess(entry)


def _guess(row: Meal | Entry) -> dict[str, object]:
    return {"time_guessed": True} if row.time_guessed else {}
