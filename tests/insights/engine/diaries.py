"""Small diaries for tests, and any small diary for hypothesis."""

from collections.abc import Iterable, Mapping

from hypothesis import strategies as st

from apps.insights.engine import Diary, Eaten, Outcome, Rated

DAY = 20_000
EPOCH_ORDINAL = 719_163


def meal(hours: float, edible: str) -> Eaten:
    """hours: after midnight of the first day."""
    return Eaten(DAY * 24 + hours, edible)


def rating(hours: float, value: float) -> Rated:
    return Rated(DAY * 24 + hours, value, EPOCH_ORDINAL + DAY + int(hours // 24), hours % 24)


def diary(
    eaten: Iterable[Eaten], ratings: Iterable[Rated], ingredients: Mapping[str, tuple[str, ...]] | None = None
) -> Diary:
    outcome = Outcome("mood", higher_is_better=True, ratings=tuple(ratings))
    return Diary(ingredients or {}, tuple(eaten), (outcome,))


EDIBLES = ("latte", "milk", "bread", "cheese", "tea")
RECIPES = {"latte": ("milk",), "bread": ("cheese",), "cheese": ("milk",), "tea": ("tea",)}
# Quarters of an hour within six weeks.
MOMENTS = st.integers(0, 42 * 24 * 4).map(lambda quarter: quarter / 4)


@st.composite
def any_diary(draw: st.DrawFn) -> Diary:
    eaten = draw(st.lists(st.builds(meal, MOMENTS, st.sampled_from(EDIBLES)), max_size=90))
    values = st.integers(1, draw(st.integers(1, 5))).map(float)
    ratings = st.lists(st.builds(rating, MOMENTS, values), max_size=70)
    outcomes = [
        Outcome(name, higher_is_better=True, ratings=tuple(draw(ratings)))
        for name in draw(st.sampled_from([(), ("mood",), ("mood", "sleep")]))
    ]
    return Diary(draw(st.sampled_from([{}, RECIPES])), tuple(eaten), tuple(outcomes))
