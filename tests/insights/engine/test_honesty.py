"""Simulated diaries in which the truth is known. benchmarks/insight_engine.py runs many more; these
are enough to notice a slip.
"""

from dataclasses import replace

import pytest

from apps.insights.engine import Diary, Verdict, Window
from apps.insights.engine.analysis import analyse
from tests.insights.engine.simulation import Life, Planted, simulate

EFFECT = -0.75


def alarms(life: Life, people: int) -> int:
    """Of people for whom nothing acts, how many are told that something does."""
    results = (analyse(simulate(seed, life)) for seed in range(people))
    return sum(any(outcome.verdict is Verdict.WORTH_A_TRIAL for outcome in result) for result in results)


def test_of_people_for_whom_nothing_acts_few_are_told_that_something_does() -> None:
    assert alarms(Life(), 50) <= 5


def test_lasting_moods_and_food_fads_raise_no_alarms() -> None:
    assert alarms(Life(carried=0.9, drift=1.0, fads=0.85), 40) <= 4


def test_short_diaries_raise_no_alarms() -> None:
    assert alarms(Life(days=30), 50) <= 5


def guessed(diary: Diary) -> Diary:
    """The same diary without times of meals: each is put at 8, 13:30 or 19 o'clock."""
    usual = (8.0, 13.5, 19.0)
    eaten = (
        replace(portion, at=portion.at // 24 * 24 + min(usual, key=lambda hour: abs(portion.at % 24 - hour)), within=3)
        for portion in diary.eaten
    )
    return replace(diary, eaten=tuple(eaten))


def test_guessed_times_raise_no_alarms() -> None:
    results = [analyse(guessed(simulate(seed, Life()))) for seed in range(40)]
    assert sum(result.verdict is Verdict.WORTH_A_TRIAL for (result,) in results) <= 4


def test_guessed_times_say_nothing_about_short_windows() -> None:
    acting = (Planted("milk", 2 * EFFECT, Window(0, 4)), Planted("cheese", 2 * EFFECT, Window(12, 24)))
    diary = simulate(7, Life(), acting)
    (known,), (guess,) = analyse(diary), analyse(guessed(diary))
    assert Window(0, 4) in {pattern.window for pattern in known.patterns}
    assert Window(0, 4) not in {pattern.window for pattern in guess.patterns}
    found = [pattern.edible for pattern in guess.patterns if pattern.verdict is Verdict.WORTH_A_TRIAL]
    assert "cheese" in found


@pytest.mark.parametrize("seed", [12, 33])
def test_the_shadows_of_a_strong_effect_raise_no_alarms_elsewhere(seed: int) -> None:
    """Two of sixty diaries in which they did, as long as each shadow counted as a discovery."""
    life, special = Life(categories=4), {"latte": 0.3}
    plain, strong = simulate(seed, life, (), special), simulate(seed, life, (Planted("milk", -1.5),), special)
    first, *others = analyse(replace(strong, outcomes=(strong.outcomes[0], *plain.outcomes[1:])))
    assert first.verdict is Verdict.WORTH_A_TRIAL
    assert Verdict.WORTH_A_TRIAL not in [other.verdict for other in others]


def test_a_hidden_ingredient_is_found_with_its_size() -> None:
    people, life = 40, Life()
    detected = covered = 0
    for seed in range(people):
        (result,) = analyse(simulate(1_000 + seed, life, (Planted("cream", EFFECT),), {"casserole": 0.5}))
        cream = next(p for p in result.patterns if (p.edible, p.window) == ("cream", Window(4, 12)))
        detected += cream.verdict is Verdict.WORTH_A_TRIAL
        covered += cream.interval.low <= EFFECT * life.steps / 6 <= cream.interval.high
    assert detected >= 0.8 * people
    assert covered >= 0.87 * people
