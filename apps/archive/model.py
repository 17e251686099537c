"""A person's whole diary as plain values: what every reader returns and every writer takes.

Edibles and categories are referred to by name; within one archive a name is unique whatever its case.
A `source` is the key of the row of a file that a value was read from; it says nothing about the value.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Edible:
    name: str
    ingredients: tuple[str, ...] = ()
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Portion:
    edible: str
    amount: Decimal | None = None
    unit: str = ""
    source: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Meal:
    category: str  # BREAKFAST, LUNCH, DINNER, SNACK or DRINK
    eaten_at: datetime  # aware
    portions: tuple[Portion, ...]
    title: str = ""
    notes: str = ""
    source: str = field(default="", compare=False)
    time_guessed: bool = False  # nobody said when: `eaten_at` is a usual time


@dataclass(frozen=True, slots=True)
class Option:
    label: str
    value: int
    color: str = ""
    order: int = 0


@dataclass(frozen=True, slots=True)
class Category:
    name: str
    options: tuple[Option, ...]
    description: str = ""
    icon: str = ""
    is_active: bool = True
    higher_is_better: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    category: str
    option: str  # the option's label
    recorded_at: datetime  # aware
    notes: str = ""
    source: str = field(default="", compare=False)
    time_guessed: bool = False  # as in a meal


@dataclass(frozen=True, slots=True)
class Archive:
    timezone: str  # IANA name
    edibles: tuple[Edible, ...] = ()
    meals: tuple[Meal, ...] = ()
    categories: tuple[Category, ...] = ()
    entries: tuple[Entry, ...] = ()
