"""Diaries of people who never lived, in which we know what acts and what does not."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from apps.insights.engine import Diary, Eaten, Outcome, Rated, Window
from apps.insights.engine.expansion import expand

FIRST_DAY = 20_000  # days since the Unix epoch
EPOCH_ORDINAL = 719_163
MEAL_HOURS = (8.0, 12.5, 19.0)
RATING_HOURS = (9.5, 15.0, 21.5)
RECIPES: Mapping[str, tuple[str, ...]] = {
    "latte": ("espresso", "milk"),
    "porridge": ("oats", "milk"),
    "bread": ("flour", "yeast"),
    "sandwich": ("bread", "cheese"),
    "pizza": ("flour", "cheese", "tomato"),
}


@dataclass(frozen=True)
class Planted:
    """An effect in standard deviations of a rating, of an edible inside a window."""

    edible: str
    effect: float
    window: Window = field(default_factory=lambda: Window(4, 12))


@dataclass(frozen=True)
class Life:
    """How a simulated person eats and feels.

    carried: correlation of the moods of two days in a row. drift: size of a slow wave over the months.
    fads: share of days on which a food is eaten or not just as on the day before.
    logged: share of days on which meals are logged.
    weekend: lift of the mood on two days of seven, on which people also eat differently.
    """

    days: int = 120
    categories: int = 1
    steps: int = 7
    meals: int = 3
    carried: float = 0.5
    drift: float = 0.5
    weekend: float = 0.5
    foods: int = 20
    frequency: tuple[float, float] = (0.05, 0.35)
    logged: float = 1.0
    fads: float = 0.0


def simulate(
    seed: int, life: Life, planted: tuple[Planted, ...] = (), special: Mapping[str, float] | None = None
) -> Diary:
    """special: edibles beside the ordinary foods, with the daily chance of eating each."""
    random = np.random.default_rng(seed)
    eaten = _eaten(random, life, special or {})
    ingredients = dict(RECIPES) | {"casserole": ("sauce", "beans"), "sauce": ("cream", "garlic")}
    holds = {edible: expand(edible, ingredients) for edible in {portion.edible for portion in eaten}}
    outcomes = tuple(
        Outcome(f"category {number}", higher_is_better=True, ratings=_rated(random, life, eaten, planted, holds))
        for number in range(life.categories)
    )
    kept = random.random(life.days) < life.logged
    eaten = tuple(p for p in eaten if kept[min(int(p.at // 24) - FIRST_DAY, life.days - 1)])
    return Diary(ingredients, eaten, outcomes)


def _eaten(random: np.random.Generator, life: Life, special: Mapping[str, float]) -> tuple[Eaten, ...]:
    names = [*RECIPES, *(f"food {number}" for number in range(life.foods - len(RECIPES)))]
    chance = random.uniform(*life.frequency, size=len(names))
    favourite_meal = random.integers(0, life.meals, size=len(names))
    weekend_lean = random.uniform(0.5, 2.0, size=len(names))
    eaten = []
    tonight = random.random(len(names)) < chance
    for day in range(life.days):
        hours = np.linspace(8.0, 19.0, life.meals) + random.normal(0, 0.5, life.meals)
        lean = weekend_lean if day % 7 > 4 else 1.0
        fresh = random.random(len(names)) >= life.fads
        tonight = np.where(fresh, random.random(len(names)) < chance * lean, tonight)
        for number in np.flatnonzero(tonight):
            usual = random.random() < 0.8
            meal = favourite_meal[number] if usual else random.integers(life.meals)
            eaten.append(Eaten((FIRST_DAY + day) * 24 + hours[meal], names[number]))
        for name, often in special.items():
            if random.random() < often:
                eaten.append(Eaten((FIRST_DAY + day) * 24 + hours[random.integers(life.meals)], name))
        eaten += [Eaten((FIRST_DAY + day) * 24 + hour, "water") for hour in hours]
    return tuple(eaten)


def _rated(
    random: np.random.Generator,
    life: Life,
    eaten: tuple[Eaten, ...],
    planted: tuple[Planted, ...],
    holds: Mapping[str, frozenset[str]],
) -> tuple[Rated, ...]:
    """Total variance apart from the planted effects is about 1, before rounding to the steps of the scale."""
    mood = 0.0
    clock = random.normal(0, 0.4, len(RATING_HOURS))
    phase = random.uniform(0, 2 * np.pi)
    when = {cause: np.array([p.at for p in eaten if cause.edible in holds[p.edible]]) for cause in planted}
    rated = []
    for day in range(life.days):
        mood = life.carried * mood + random.normal(0, np.sqrt(1 - life.carried**2))
        slow = life.drift * np.sin(phase + 2 * np.pi * day / 75)
        lift = life.weekend if day % 7 > 4 else 0.0
        for usual, habit in zip(RATING_HOURS, clock, strict=True):
            hour = usual + random.uniform(-0.75, 0.75)
            at = (FIRST_DAY + day) * 24 + hour
            feeling = 0.6 * mood + 0.7 * random.normal() + slow + lift + habit
            for cause, times in when.items():
                lag = at - times
                inside = (cause.window.start_hours <= lag) & (lag < cause.window.end_hours)
                feeling += cause.effect if inside.any() else 0.0
            middle = (life.steps + 1) / 2
            value = np.clip(np.round(middle + feeling * life.steps / 6), 1, life.steps)
            rated.append(Rated(at, float(value), EPOCH_ORDINAL + FIRST_DAY + day, hour))
    return tuple(rated)
