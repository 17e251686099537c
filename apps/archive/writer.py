"""Archive format v1, written: the same diary gives the same bytes, whatever order its parts came in."""

import io
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from operator import attrgetter
from zoneinfo import ZoneInfo

from apps.archive import layout
from apps.archive.model import Archive, Category, Edible, Entry, Meal, Option, Portion


def write_archive(archive: Archive) -> bytes:
    """Canonical bytes. The archive is trusted to be valid; a time without a zone is a ValueError."""
    zone = ZoneInfo(archive.timezone)
    document = {
        "format": layout.FORMAT,
        "version": layout.VERSION,
        "timezone": archive.timezone,
        "edibles": [_edible(edible) for edible in sorted(archive.edibles, key=lambda each: _folded(each.name))],
        "meals": [_meal(meal, zone) for meal in sorted(archive.meals, key=_meal_order)],
        "wellbeing": {
            "categories": [_category(each) for each in sorted(archive.categories, key=lambda each: _folded(each.name))],
            "entries": [_entry(entry, zone) for entry in sorted(archive.entries, key=_entry_order)],
        },
    }
    return _bytes(document)


def _bytes(document: dict[str, object]) -> bytes:
    # Piece by piece into bytes: json.dumps would hold a long diary three times over as a list of small texts.
    written = io.BytesIO()
    text = io.TextIOWrapper(written, encoding="utf-8", newline="\n")
    json.dump(document, text, ensure_ascii=False, indent=2)
    text.write("\n")
    text.flush()
    return written.getvalue()


def _folded(name: str) -> tuple[str, str]:
    return name.casefold(), name


def _meal_order(meal: Meal) -> tuple[object, ...]:
    return (
        _utc(meal.eaten_at),
        meal.category,
        meal.title,
        meal.notes,
        [_portion_order(each) for each in meal.portions],
    )


def _portion_order(portion: Portion) -> tuple[object, ...]:
    return portion.edible, portion.amount is not None, portion.amount or Decimal(0), portion.unit


def _entry_order(entry: Entry) -> tuple[object, ...]:
    return _utc(entry.recorded_at), entry.category, entry.option, entry.notes


def _utc(moment: datetime) -> datetime:
    # Within one zone Python compares clocks: the hour that autumn repeats would come out mixed.
    if moment.utcoffset() is None:
        raise ValueError(f"{moment!r} has no time zone")
    return moment.astimezone(UTC)


def _edible(edible: Edible) -> dict[str, object]:
    written: dict[str, object] = {"name": edible.name, "ingredients": sorted(edible.ingredients, key=_folded)}
    return written | ({"notes": edible.notes} if edible.notes else {})


def _meal(meal: Meal, zone: ZoneInfo) -> dict[str, object]:
    return {
        "title": meal.title,
        "category": meal.category,
        "eaten_at": meal.eaten_at.astimezone(zone).isoformat(),
        "notes": meal.notes,
        "edibles": [_portion(portion) for portion in meal.portions],
    }


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
    return {
        "category": entry.category,
        "option": entry.option,
        "recorded_at": entry.recorded_at.astimezone(zone).isoformat(),
        "notes": entry.notes,
    }
