"""The patterns of one category, from its studies: numbers become verdicts here."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from apps.insights.engine.estimation import Estimates
from apps.insights.engine.results import Exposure, Interval, Pattern, Verdict
from apps.insights.engine.shadows import Link, separate
from apps.insights.engine.study import Study

FALSE_DISCOVERIES = 0.05
SMALLEST_EFFECT_SD = 0.2
RANK = {Verdict.WORTH_A_TRIAL: 0, Verdict.NO_CLEAR_LINK: 1, Verdict.TOO_LITTLE_DATA: 2}

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Fate:
    """What the joint step said of a group that passed the first test.

    given: the other exposures to hold constant in the final estimate. tied: a link it cannot be told apart
    from.
    """

    given: tuple[Link, ...] = ()
    explained_by: Exposure | None = None
    tied: list[Link] = field(default_factory=list)


NOTHING_SAID = Fate()


# By study of one category and place of the leader of a group.
Fates = dict[tuple[int, int], Fate]


def patterns_of(studies: Sequence[Study], q: Sequence[Floats], fates: Fates, sd: float) -> tuple[Pattern, ...]:
    """studies: of one category, by window. q: for each study (c), what belongs to its estimates. sd: of the
    ratings.
    """
    found = [
        _pattern(study, place, float(own_q[place]), sd, fates.get((index, int(study.groups[place])), NOTHING_SAID))
        for index, (study, own_q) in enumerate(zip(studies, q, strict=True))
        for place in range(len(study.columns))
    ]
    return tuple(sorted(found, key=_strength))


def _strength(pattern: Pattern) -> tuple[int, float, float, str, int]:
    return (
        RANK[pattern.verdict],
        pattern.p,
        -abs(pattern.effect_sd),
        pattern.edible,
        pattern.window.start_hours,
    )


def fates_of(studies: Sequence[Study], q: Sequence[Floats], cutoff: float) -> Fates:
    """What becomes of those of one category that passed the first test.

    cutoff: the largest p that a q within FALSE_DISCOVERIES allowed.
    """
    passed = [
        (float(study.estimates.p[place]), study.edibles[study.columns[place]], index, place)
        for index, (study, own_q) in enumerate(zip(studies, q, strict=True))
        for place in np.unique(study.groups[study.groups >= 0]).tolist()
        if own_q[place] <= FALSE_DISCOVERIES
    ]
    passed.sort()
    keys = [(index, place) for _, _, index, place in passed]
    links: list[Link] = [(studies[index], place) for index, place in keys]
    separation = separate(links, cutoff)
    fates = {
        keys[position]: Fate(given=tuple(links[other] for other in separation.kept if other != position))
        for position in separation.kept
    }
    for position, heir in separation.explained.items():
        fates[keys[position]] = Fate(explained_by=_exposure(*links[heir]))
    for position, rival in separation.tied.items():
        fates[keys[position]] = Fate(tied=[links[rival]])
        fates[keys[rival]].tied.append(links[position])
    return fates


def _exposure(study: Study, place: int) -> Exposure:
    return Exposure(study.edibles[study.columns[place]], study.window)


def _twins(study: Study, place: int) -> set[str]:
    """The edibles with the same exposure, the one in place among them."""
    return {study.edibles[column] for column in study.columns[study.same[place]]}


def _pattern(study: Study, place: int, q: float, sd: float, fate: Fate) -> Pattern:
    column = int(study.columns[place])
    edible = study.edibles[column]
    estimates, at = (study.estimate(place, fate.given), 0) if fate.given else (study.estimates, place)
    if not estimates.days[at] > 0:
        estimates, at = study.estimates, place
    effect, interval, p = _read(estimates, at)
    tested = bool(study.tested[place])
    inseparable = _twins(study, place).union(*(_twins(*link) for link in fate.tied)) if tested else set()
    pattern = Pattern(
        edible=edible,
        window=study.window,
        effect=effect,
        interval=interval,
        effect_sd=effect / sd,
        interval_sd=Interval(interval.low / sd, interval.high / sd),
        exposed=int(study.counts[column]),
        unexposed=int(study.kept.sum() - study.counts[column]),
        p=p,
        q=max(p, q),
        verdict=Verdict.NO_CLEAR_LINK if tested else Verdict.TOO_LITTLE_DATA,
        inseparable_from=tuple(sorted(inseparable - {edible})),
        explained_by=fate.explained_by,
        needed=None if tested else study.needed[column],
    )
    return replace(pattern, verdict=Verdict.WORTH_A_TRIAL) if tested and _convinces(pattern) else pattern


def _convinces(pattern: Pattern) -> bool:
    return (
        pattern.explained_by is None
        and pattern.q <= FALSE_DISCOVERIES
        and (pattern.interval.low > 0 or pattern.interval.high < 0)
        and abs(pattern.effect_sd) >= SMALLEST_EFFECT_SD
    )


def _read(estimates: Estimates, at: int) -> tuple[float, Interval, float]:
    interval = Interval(float(estimates.low[at]), float(estimates.high[at]))
    return float(estimates.effect[at]), interval, float(estimates.p[at])
