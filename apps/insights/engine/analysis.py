"""From a diary to verdicts: the order of the steps. Each step has a file of its own."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from apps.insights.engine.boundaries import whole_seconds
from apps.insights.engine.estimation import Model, Ratings
from apps.insights.engine.evidence import MINIMUM, missing_everything
from apps.insights.engine.exposure import Meals
from apps.insights.engine.multiplicity import false_discovery_rate
from apps.insights.engine.observations import Diary, Outcome
from apps.insights.engine.patterns import FALSE_DISCOVERIES, RANK, Fates, fates_of, patterns_of
from apps.insights.engine.results import Needed, OutcomeResult, Verdict
from apps.insights.engine.study import Study
from apps.insights.engine.windows import WINDOWS

Floats = npt.NDArray[np.float64]


def analyse(diary: Diary) -> tuple[OutcomeResult, ...]:
    """One result per outcome, in the diary's order. Deterministic, whatever the order of meals and
    ratings.
    """
    meals = Meals.of(diary.eaten, diary.ingredients)
    ratings = [_ratings(outcome) for outcome in diary.outcomes]
    studies = [_studies(rated, meals) for rated in ratings]
    corrected, cutoff = _corrected(studies)
    fates = [fates_of(own, q, cutoff) for own, q in zip(studies, corrected, strict=True)]
    _count_shadows_out(studies, corrected, fates)
    return tuple(
        _result(outcome, rated, own, q, fate)
        for outcome, rated, own, q, fate in zip(diary.outcomes, ratings, studies, corrected, fates, strict=True)
    )


def _ratings(outcome: Outcome) -> Ratings:
    rated = outcome.ratings
    seconds = whole_seconds([entry.at for entry in rated])
    values = np.array([entry.value for entry in rated], dtype=np.float64)
    days = np.array([entry.day for entry in rated], dtype=np.int64)
    hours = np.array([entry.hour for entry in rated], dtype=np.float64)
    within = np.array([entry.within for entry in rated], dtype=np.int64)
    in_order = np.lexsort((within, values, hours, days, seconds))
    return Ratings(seconds, values, days, hours, within).take(in_order)


def _studies(ratings: Ratings, meals: Meals) -> list[Study]:
    """No study when all ratings are the same: there is nothing to explain."""
    if np.unique(ratings.values).size < MINIMUM.values:
        return []
    model = Model.of(ratings)
    return [Study.of(ratings, model, meals, window) for window in WINDOWS]


def _corrected(studies: Sequence[Sequence[Study]]) -> tuple[list[list[Floats]], float]:
    """For each study (c) the q of each estimate: the group's, counted once over the whole diary; 1 if not
    tested.

    And the largest p that passes.
    """
    every = [study for own in studies for study in own]
    led = [np.unique(study.groups[study.groups >= 0]) for study in every]
    p = [study.estimates.p[leading] for study, leading in zip(every, led, strict=True)]
    pooled = false_discovery_rate(np.concatenate([*p, np.empty(0)]))
    cutoff = FALSE_DISCOVERIES * float((pooled <= FALSE_DISCOVERIES).mean()) if pooled.size else 0.0
    parts = np.split(pooled, np.cumsum([len(part) for part in p])[:-1]) if p else []
    spread = []
    for study, leading, part in zip(every, led, parts, strict=True):
        q = np.ones(len(study.columns))
        q[leading] = part
        spread.append(np.where(study.groups >= 0, q[study.groups], 1.0))
    remaining = iter(spread)
    return [[next(remaining) for _ in own] for own in studies], cutoff


def _count_shadows_out(
    studies: Sequence[Sequence[Study]], corrected: Sequence[Sequence[Floats]], fates: Sequence[Fates]
) -> None:
    """Raises the q of those that stand to what it is without those they explain.

    One strong effect has many shadows. Each counted as a discovery in the first step and so lowered the bar
    for chance, in every category.
    """
    standing = [
        (category, index, place)
        for category, own in enumerate(fates)
        for (index, place), fate in own.items()
        if fate.explained_by is None
    ]
    tests = sum(len(np.unique(study.groups[study.groups >= 0])) for own in studies for study in own)
    p = np.array([studies[category][index].estimates.p[place] for category, index, place in standing])
    for (category, index, place), q in zip(standing, false_discovery_rate(p, tests), strict=True):
        corrected[category][index][studies[category][index].groups == place] = q


def _result(
    outcome: Outcome, ratings: Ratings, studies: Sequence[Study], q: Sequence[Floats], fates: Fates
) -> OutcomeResult:
    patterns = patterns_of(studies, q, fates, float(ratings.values.std(ddof=1))) if studies else ()
    verdict = min((pattern.verdict for pattern in patterns), key=RANK.__getitem__, default=Verdict.TOO_LITTLE_DATA)
    return OutcomeResult(
        category=outcome.category,
        higher_is_better=outcome.higher_is_better,
        entries=len(ratings.values),
        verdict=verdict,
        patterns=patterns,
        needed=_needed(ratings, studies) if verdict is Verdict.TOO_LITTLE_DATA else None,
    )


def _needed(ratings: Ratings, studies: Sequence[Study]) -> Needed:
    """What the edible lacks that is closest to a verdict."""
    different = np.unique(ratings.values).size
    if different < MINIMUM.values:
        missing = missing_everything(len(ratings.values), np.unique(ratings.days).size)
        return Needed(entries=missing.entries, days=missing.days, values=MINIMUM.values - different)
    lacking = [needed for study in studies for needed in study.needed]
    # Entries with no meal logged before them have nothing to be compared by.
    return min(lacking, key=lambda needed: needed.total, default=missing_everything(0, 0))
