"""A made-up diary for a first look. In it milk bloats after 4–12 hours and red wine tires after 12–24 hours.

Each day depends on nothing but its date, so that a diary made tomorrow holds the same days and one more.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from django.utils import translation

from apps.archive.model import Archive, Category, Edible, Entry, Meal, Portion
from apps.portability.exports import archived_starter
from apps.wellbeing.starter import starters

EMAIL = "demo@foodmood.example"
PASSWORD = "oats-and-honesty"  # noqa: S105 -- of an account that holds nothing but made-up days
DAYS = 120

BLOATING, TIREDNESS = 1.3, 1.2  # in steps of the scale

RECIPES: dict[str, tuple[str, ...]] = {
    "Latte": ("Espresso", "Milk"),
    "Muesli with milk": ("Muesli", "Milk"),
    "Muesli": ("Oats", "Raisins", "Hazelnuts"),
    "Porridge": ("Oats", "Apple", "Cinnamon"),
    "Pancakes": ("Flour", "Egg", "Milk"),
    "Toast with jam": ("Bread", "Butter", "Jam"),
    "Bread": ("Flour", "Yeast", "Salt"),
    "Lentil soup": ("Lentils", "Carrot", "Onion"),
    "Rice bowl": ("Rice", "Tofu", "Broccoli"),
    "Lasagne": ("Pasta", "Béchamel", "Tomato sauce"),
    "Béchamel": ("Milk", "Butter", "Flour"),
    "Tomato sauce": ("Tomato", "Onion", "Garlic"),
    "Green salad": ("Lettuce", "Cucumber", "Olive oil"),
    "Cheese sandwich": ("Bread", "Cheese", "Tomato"),
    "Potato curry": ("Potato", "Coconut milk", "Chickpeas"),
    "Spaghetti with tomatoes": ("Pasta", "Tomato sauce"),
    "Coq au vin": ("Chicken", "Red wine", "Mushrooms"),
    "Stir-fried noodles": ("Noodles", "Broccoli", "Carrot"),
    "Omelette": ("Egg", "Butter", "Chives"),
}
BREAKFASTS = ("Porridge", "Muesli with milk", "Toast with jam", "Pancakes", "Porridge", "Toast with jam")
HOT_DRINKS = ("Latte", "Black tea", "Espresso", "Black tea", "Peppermint tea")
LUNCHES = ("Lentil soup", "Rice bowl", "Lasagne", "Green salad", "Cheese sandwich")
SNACKS = ("Apple", "Banana", "Dark chocolate", "Hazelnuts", "Carrot")
DINNERS = ("Potato curry", "Spaghetti with tomatoes", "Coq au vin", "Stir-fried noodles", "Omelette", "Green salad")
SIDES = ("Water", "Red wine", "Water", "Apple juice")


def demo_categories() -> tuple[Category, ...]:
    with translation.override("en"):  # as the rest of the story
        return tuple(archived_starter(starter) for starter in starters())


@dataclass(frozen=True)
class _Day:
    meals: tuple[Meal, ...]
    checkins: tuple[tuple[datetime, tuple[str, ...]], ...]  # when, and which categories are rated then
    noise: Random


def demo_archive(*, until: datetime, days: int = DAYS, seed: int = 7) -> Archive:
    """The diary of the `days` days up to that aware moment, in its time zone; nothing lies after it."""
    zone = until.tzinfo
    if not isinstance(zone, ZoneInfo):
        raise TypeError("`until` needs a ZoneInfo")
    categories = demo_categories()
    labels = {category.name: [option.label for option in category.options] for category in categories}
    # Two days are all that the longest window reaches back: the first day shown has them behind it, too.
    shown = until.date() - timedelta(days=days)
    diary = [_day(until.date() - timedelta(days=ago), zone, seed) for ago in range(days + 2, -1, -1)]
    meals = [meal for day in diary for meal in day.meals]
    entries: list[Entry] = []
    for place, day in enumerate(diary):
        lately = (meal for each in diary[max(place - 2, 0) : place + 1] for meal in each.meals)
        near = [meal for meal in lately if timedelta(0) <= day.checkins[-1][0] - meal.eaten_at < timedelta(days=2)]
        entries.extend(
            Entry(name, labels[name][_rate(name, at, near, day.noise) - 1], at)
            for at, names in day.checkins
            for name in names
        )
    return Archive(
        timezone=zone.key,
        edibles=_edibles(),
        meals=tuple(meal for meal in meals if meal.eaten_at.date() >= shown and meal.eaten_at <= until),
        categories=categories,
        entries=tuple(entry for entry in entries if entry.recorded_at.date() >= shown and entry.recorded_at <= until),
    )


def _edibles() -> tuple[Edible, ...]:
    eaten = {*BREAKFASTS, *HOT_DRINKS, *LUNCHES, *SNACKS, *DINNERS, *SIDES}
    inside = {name for ingredients in RECIPES.values() for name in ingredients}
    return tuple(Edible(name, RECIPES.get(name, ())) for name in sorted(eaten | inside | set(RECIPES)))


def _day(day: date, zone: ZoneInfo, seed: int) -> _Day:
    random = Random(f"{seed} {day.isoformat()}")  # noqa: S311 -- a story, not a secret

    def at(hour: int, minute: int) -> datetime:
        return datetime.combine(day, time(hour, minute), zone) + timedelta(minutes=random.randrange(0, 50, 5))

    def meal(category: str, when: datetime, *names: str) -> Meal:
        return Meal(category, when, tuple(Portion(name) for name in names))

    glass = Portion("Red wine", Decimal(2), "glasses")
    side = random.choice(SIDES)
    dinner = meal("DINNER", at(19, 0), random.choice(DINNERS))
    meals = [
        meal("BREAKFAST", at(7, 20), random.choice(BREAKFASTS), random.choice(HOT_DRINKS)),
        meal("LUNCH", at(12, 15), random.choice(LUNCHES)),
        Meal("DINNER", dinner.eaten_at, (*dinner.portions, glass if side == "Red wine" else Portion(side))),
    ]
    if random.random() < 0.6:  # noqa: PLR2004 -- more days with than without
        meals.insert(2, meal("SNACK", at(16, 0), random.choice(SNACKS)))
    return _Day(
        meals=tuple(meals),
        checkins=(
            (at(9, 0), ("Sleep quality", "Mood", "Energy", "Bloating")),
            (at(14, 10), ("Mood", "Energy", "Bloating")),
            (at(20, 50), ("Mood", "Energy", "Bloating")),
        ),
        noise=random,
    )


def _rate(name: str, at: datetime, meals: list[Meal], noise: Random) -> int:
    """The step of the scale, 1 to 5."""
    level = {"Mood": 3.4, "Energy": 3.6, "Sleep quality": 3.5, "Bloating": 1.6}[name]
    if name == "Bloating" and _ate("Milk", meals, at, 4, 12):
        level += BLOATING
    if name == "Energy" and _ate("Red wine", meals, at, 12, 24):
        level -= TIREDNESS
    return min(max(round(level + noise.gauss(0, 0.8)), 1), 5)


def _ate(edible: str, meals: list[Meal], at: datetime, start: int, end: int) -> bool:
    return any(
        timedelta(hours=start) <= at - meal.eaten_at < timedelta(hours=end) and _holds(portion.edible, edible)
        for meal in meals
        for portion in meal.portions
    )


def _holds(container: str, edible: str) -> bool:
    return container == edible or any(_holds(inside, edible) for inside in RECIPES.get(container, ()))
