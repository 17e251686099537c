"""What holds for any diary."""

import math
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.insights.engine import Diary, OutcomeResult, Pattern, Verdict
from apps.insights.engine.analysis import analyse
from tests.insights.engine.diaries import any_diary
from tests.insights.engine.simulation import Life, Planted, simulate

Item = TypeVar("Item")

# Simulated ones are rich enough for every step to be taken; the others are as odd as can be.
DIARIES = st.one_of(
    any_diary(),
    st.builds(
        lambda seed, days, effect: simulate(
            seed, Life(days=days, foods=6), (Planted("milk", effect),), {"latte": 0.4, "casserole": 0.3}
        ),
        st.integers(0, 1000),
        st.integers(1, 40),
        st.sampled_from([0.0, -1.5, 2.0]),
    ),
)
quickly = settings(max_examples=25)


def shuffled(items: tuple[Item, ...], random: Random) -> tuple[Item, ...]:
    return tuple(random.sample(items, len(items)))


def patterns(results: tuple[OutcomeResult, ...]) -> Iterator[Pattern]:
    for result in results:
        yield from result.patterns


def numbers(pattern: Pattern) -> list[float]:
    intervals = (pattern.interval, pattern.interval_sd)
    bounds = [bound for interval in intervals for bound in (interval.low, interval.high)]
    return [pattern.effect, pattern.effect_sd, pattern.p, pattern.q, *bounds]


def by_key(results: tuple[OutcomeResult, ...]) -> dict[object, Pattern]:
    return {
        (result.category, pattern.edible, pattern.window): pattern for result in results for pattern in result.patterns
    }


def assert_same(left: tuple[OutcomeResult, ...], right: tuple[OutcomeResult, ...], sign: int = 1) -> None:
    """Up to the rounding of floats."""
    assert [result.verdict for result in left] == [result.verdict for result in right]
    assert [result.needed for result in left] == [result.needed for result in right]
    ours, theirs = by_key(left), by_key(right)
    assert ours.keys() == theirs.keys()
    for key, pattern in ours.items():
        other = theirs[key]
        assert pattern.verdict == other.verdict
        assert pattern.inseparable_from == other.inseparable_from
        assert pattern.effect == pytest.approx(sign * other.effect, rel=1e-5, abs=1e-7)
        assert pattern.p == pytest.approx(other.p, rel=1e-4, abs=1e-7)


@quickly
@given(DIARIES)
def test_every_number_is_finite_and_every_bound_holds(diary: Diary) -> None:
    for result in analyse(diary):
        for pattern in result.patterns:
            assert all(map(math.isfinite, numbers(pattern)))
            assert pattern.interval.low <= pattern.effect <= pattern.interval.high
            assert pattern.interval_sd.low <= pattern.effect_sd <= pattern.interval_sd.high
            assert 0 <= pattern.p <= pattern.q <= 1
            assert pattern.exposed + pattern.unexposed <= result.entries
            assert min(pattern.exposed, pattern.unexposed) > 0
            assert pattern.edible not in pattern.inseparable_from


@quickly
@given(DIARIES)
def test_needed_is_said_exactly_where_data_is_lacking(diary: Diary) -> None:
    results = analyse(diary)
    answers: list[OutcomeResult | Pattern] = [*results, *patterns(results)]
    for answer in answers:
        assert (answer.verdict is Verdict.TOO_LITTLE_DATA) == bool(answer.needed)


@quickly
@given(DIARIES)
def test_worth_a_trial_is_only_what_the_interval_and_q_bear_out(diary: Diary) -> None:
    for pattern in patterns(analyse(diary)):
        if pattern.verdict is Verdict.WORTH_A_TRIAL:
            assert pattern.q <= 0.05
            assert pattern.interval.low > 0 or pattern.interval.high < 0
            assert abs(pattern.effect_sd) >= 0.2
            assert pattern.explained_by is None


@quickly
@given(DIARIES, st.randoms(use_true_random=False))
def test_the_order_of_meals_and_ratings_does_not_matter(diary: Diary, random: Random) -> None:
    outcomes = tuple(replace(outcome, ratings=shuffled(outcome.ratings, random)) for outcome in diary.outcomes)
    assert analyse(replace(diary, eaten=shuffled(diary.eaten, random), outcomes=outcomes)) == analyse(diary)


@quickly
@given(DIARIES, st.integers(-400, 400))
def test_shifting_the_diary_by_whole_days_changes_nothing(diary: Diary, days: int) -> None:
    eaten = tuple(replace(portion, at=portion.at + 24 * days) for portion in diary.eaten)
    outcomes = tuple(
        replace(
            outcome,
            ratings=tuple(replace(r, at=r.at + 24 * days, day=r.day + days) for r in outcome.ratings),
        )
        for outcome in diary.outcomes
    )
    assert_same(analyse(replace(diary, eaten=eaten, outcomes=outcomes)), analyse(diary))


@quickly
@given(DIARIES)
def test_turning_the_scale_round_turns_the_effects_round(diary: Diary) -> None:
    outcomes = tuple(
        replace(outcome, ratings=tuple(replace(r, value=-r.value) for r in outcome.ratings))
        for outcome in diary.outcomes
    )
    assert_same(analyse(replace(diary, outcomes=outcomes)), analyse(diary), sign=-1)
