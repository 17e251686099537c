"""Diaries for the archive's tests: one small one, and every one that hypothesis can think of."""

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import strategies as st

from apps.archive import limits
from apps.archive.model import Archive, Category, Edible, Entry, Meal, Option, Portion
from foodmood.names import fold

SMALL: dict[str, object] = {
    "format": "foodmood",
    "version": 1,
    "timezone": "Europe/Berlin",
    "edibles": [
        {"name": "Espresso", "ingredients": []},
        {"name": "Latte", "ingredients": ["Espresso", "Milk"]},
        {"name": "Milk", "ingredients": []},
    ],
    "meals": [
        {
            "title": "",
            "category": "BREAKFAST",
            "eaten_at": "2026-03-01T08:05:00+01:00",
            "notes": "",
            "edibles": [{"name": "Latte", "amount": 254.5, "unit": "ml"}],
        }
    ],
    "wellbeing": {
        "categories": [
            {
                "name": "Mood",
                "description": "",
                "icon": "🙂",
                "is_active": True,
                "higher_is_better": True,
                "options": [
                    {"label": "Low", "value": 1, "color": "", "order": 1},
                    {"label": "Good", "value": 2, "color": "#3b82f6", "order": 2},
                ],
            }
        ],
        "entries": [{"category": "Mood", "option": "Low", "recorded_at": "2026-03-01T10:00:00+01:00", "notes": ""}],
    },
}

# Zones where clocks change in both directions, by half an hour, at midnight, and where a day was left out.
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Pacific/Apia",
)


def _line(length: int) -> st.SearchStrategy[str]:
    letters = st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp"))
    return st.text(letters, max_size=min(length, 20))


def _notes() -> st.SearchStrategy[str]:
    letters = st.characters(codec="utf-8", exclude_categories=["Cc"], include_characters="\n\t\r")
    return st.text(letters, max_size=20)


def _names(length: int, *, least: int = 0) -> st.SearchStrategy[list[str]]:
    name = _line(length).map(str.strip).filter(bool)
    return st.lists(name, min_size=least, max_size=5, unique_by=fold)


_moments = st.datetimes(
    datetime(limits.FIRST_YEAR, 1, 1),  # noqa: DTZ001 -- hypothesis puts the zone on
    datetime(limits.LAST_YEAR, 12, 31, 23, 59, 59),  # noqa: DTZ001 -- as above
    timezones=st.just(UTC),
)
_amounts = st.none() | st.decimals(0, limits.MAX_AMOUNT, places=limits.AMOUNT_DECIMALS)


@st.composite
def archives(draw: st.DrawFn) -> Archive:
    """Any valid archive: ingredients only from edibles named before, so none contains itself."""
    names = draw(_names(limits.EDIBLE_NAME_LENGTH, least=1))
    edibles = tuple(
        Edible(name, tuple(draw(st.lists(st.sampled_from(names[:i]), unique=True))) if i else ())
        for i, name in enumerate(names)
    )
    categories = tuple(draw(_category(name)) for name in draw(_names(limits.CATEGORY_NAME_LENGTH, least=1)))
    return Archive(
        timezone=draw(st.sampled_from(ZONES)),
        edibles=edibles,
        meals=tuple(draw(st.lists(_meals(names), max_size=4))),
        categories=categories,
        entries=tuple(draw(st.lists(st.one_of([_entries(each) for each in categories]), max_size=4))),
    )


@st.composite
def _category(draw: st.DrawFn, name: str) -> Category:
    labels = draw(_names(limits.OPTION_LABEL_LENGTH, least=1))
    value = st.integers(limits.MIN_OPTION_VALUE, limits.MAX_OPTION_VALUE)
    values = draw(st.lists(value, min_size=len(labels), max_size=len(labels), unique=True))
    return Category(
        name=name,
        description=draw(_notes()),
        icon=draw(_line(limits.ICON_LENGTH))[: limits.ICON_LENGTH],
        is_active=draw(st.booleans()),
        higher_is_better=draw(st.booleans()),
        options=tuple(
            Option(label, value, draw(st.sampled_from(("", "#3b82f6"))), draw(st.integers(0, 9)))
            for label, value in zip(labels, values, strict=True)
        ),
    )


def _meals(names: list[str]) -> st.SearchStrategy[Meal]:
    portion = st.builds(Portion, st.sampled_from(names), _amounts, _line(limits.UNIT_LENGTH))
    return st.builds(
        Meal,
        category=st.sampled_from(limits.MEAL_CATEGORIES),
        eaten_at=_moments,
        portions=st.lists(portion, max_size=3).map(tuple),
        title=_line(limits.MEAL_TITLE_LENGTH),
        notes=_notes(),
        time_guessed=st.booleans(),
    )


def _entries(category: Category) -> st.SearchStrategy[Entry]:
    labels = [option.label for option in category.options]
    return st.builds(
        Entry, st.just(category.name), st.sampled_from(labels), _moments, _notes(), time_guessed=st.booleans()
    )


def milk(amount: Decimal | None = None) -> Archive:
    """One portion of milk, eaten at a plain hour."""
    meal = Meal("DRINK", datetime(2026, 3, 1, 7, 5, tzinfo=UTC), (Portion("Milk", amount),))
    return Archive("Europe/Berlin", (Edible("Milk"),), (meal,))
