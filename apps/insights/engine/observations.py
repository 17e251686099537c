"""What the engine is told: a diary as plain frozen values, without a database or a person's name."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Eaten:
    """One portion that was really eaten.

    at: hours since the Unix epoch, UTC. Portions with the same `at` belong to one meal.
    within: hours by which it may have been earlier or later, where `at` is a guess; 0 where it is known.
    """

    at: float
    edible: str
    within: int = 0


@dataclass(frozen=True, slots=True)
class Rated:
    """One entry of one category.

    at: hours since the Unix epoch, UTC.
    value: the value of the chosen option, in steps of the scale.
    day: ordinal of the person's local date.
    hour: local time of day, 0 <= hour < 24.
    within: as of what was eaten.
    """

    at: float
    value: float
    day: int
    hour: float
    within: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    category: str
    higher_is_better: bool
    ratings: tuple[Rated, ...]


@dataclass(frozen=True, slots=True)
class Diary:
    """ingredients: each edible and what it directly contains; an edible that is absent contains nothing."""

    ingredients: Mapping[str, tuple[str, ...]]
    eaten: tuple[Eaten, ...]
    outcomes: tuple[Outcome, ...]
