"""How honest, how sharp and how fast the insight engine is, on diaries whose truth is known.

python -m benchmarks.insight_engine [people]
"""

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass

from apps.insights.engine import OutcomeResult, Verdict, Window
from apps.insights.engine.analysis import analyse
from tests.insights.engine.simulation import Life, Planted, simulate

SOON = Window(4, 12)
NOTHING_ACTS = {
    "ordinary": Life(),
    "lasting moods, strong drift, 3 categories": Life(carried=0.85, drift=1.0, categories=3),
    "lasting moods and food fads": Life(carried=0.9, drift=1.0, fads=0.85),
    "meals logged on 70 % of days, fads": Life(carried=0.0, drift=0.0, fads=0.8, logged=0.7),
    "three steps, strong weekends, 2 categories": Life(steps=3, categories=2, weekend=1.0),
    "40 days": Life(days=40),
    "25 days": Life(days=25, carried=0.8),
}


@dataclass(frozen=True)
class Scene:
    life: Life
    planted: Planted
    special: Mapping[str, float]


HIDDEN = {"casserole": 0.5}
SOMETHING_ACTS = {
    "-0.6 SD, hidden two levels deep, every 2nd day": Scene(Life(), Planted("cream", -0.6), HIDDEN),
    "-0.7 SD": Scene(Life(), Planted("cream", -0.7), HIDDEN),
    "-0.8 SD": Scene(Life(), Planted("cream", -0.8), HIDDEN),
    "-0.8 SD, every 3rd day": Scene(Life(), Planted("cream", -0.8), {"casserole": 1 / 3}),
    "-0.7 SD, lasting moods, 3 categories, 40 foods": Scene(
        Life(carried=0.85, drift=1.0, categories=3, foods=40), Planted("cream", -0.7), HIDDEN
    ),
    "-0.7 SD of milk, in lattes and porridge": Scene(Life(), Planted("milk", -0.7), {"latte": 0.3}),
    "0.7 SD, 0-4 h": Scene(Life(), Planted("cream", 0.7, Window(0, 4)), HIDDEN),
    "0.7 SD, 12-24 h": Scene(Life(), Planted("cream", 0.7, Window(12, 24)), HIDDEN),
    "0.7 SD, 24-48 h": Scene(Life(), Planted("cream", 0.7, Window(24, 48)), HIDDEN),
}


def alarms(life: Life, people: int) -> int:
    results = (analyse(simulate(seed, life)) for seed in range(people))
    return sum(any(outcome.verdict is Verdict.WORTH_A_TRIAL for outcome in result) for result in results)


def found_covered_astray(scene: Scene, seed: int) -> tuple[bool, bool, bool]:
    """Of the first category: was the effect found, does its interval hold the truth, and was anything else
    named that is not inseparable from it?
    """
    life, planted = scene.life, scene.planted
    results: tuple[OutcomeResult, ...] = analyse(simulate(10_000 + seed, life, (planted,), scene.special))
    patterns = results[0].patterns
    true = next(p for p in patterns if (p.edible, p.window) == (planted.edible, planted.window))
    named = {(edible, planted.window) for edible in (true.edible, *true.inseparable_from)}
    worth = {(p.edible, p.window) for p in patterns if p.verdict is Verdict.WORTH_A_TRIAL}
    truth = planted.effect * life.steps / 6
    covered = true.interval.low <= truth <= true.interval.high
    return true.verdict is Verdict.WORTH_A_TRIAL, covered, bool(worth - named)


def five_years() -> float:
    life = Life(days=1825, categories=4, foods=400, meals=6, frequency=(0.005, 0.05))
    diary = simulate(1, life, (Planted("cream", -0.5), Planted("milk", 0.4)), HIDDEN)
    started = time.perf_counter()
    analyse(diary)
    return time.perf_counter() - started


def main(people: int) -> None:
    print(f"Five years, 21,900 ratings, 10,950 meals, 400 edibles: {five_years():.1f} s\n")
    print("Nothing acts: share of people told that something does")
    for name, life in NOTHING_ACTS.items():
        print(f"  {alarms(life, people) / people:6.1%}  {name}", flush=True)
    print("\nSomething acts: found, interval holds the truth, something else named too")
    for name, scene in SOMETHING_ACTS.items():
        answers = [found_covered_astray(scene, seed) for seed in range(people)]
        shares = (sum(column) / people for column in zip(*answers, strict=True))
        print("  " + "  ".join(f"{share:6.1%}" for share in shares) + f"  {name}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
