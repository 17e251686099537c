"""A latte looks linked when milk is, and the window after looks like the window before. Which of them
carries it?

Among the exposures of one category that passed the first test, the strongest is kept and each next one is
tested again with the kept ones held constant. This step only takes verdicts away; it never adds one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from apps.insights.engine.estimation import Estimates
from apps.insights.engine.study import Study

LEFT_OVER = 0.05

# A study and the place of an exposure in it.
Link = tuple[Study, int]


@dataclass(frozen=True)
class Separation:
    """Of n links, by their position: those kept with their joint estimates; the demoted with the position
    of what explains them; and pairs that the diary cannot tell apart, of which both stand.
    """

    kept: dict[int, Estimates] = field(default_factory=dict)
    explained: dict[int, int] = field(default_factory=dict)
    tied: dict[int, int] = field(default_factory=dict)


def separate(links: Sequence[Link], cutoff: float) -> Separation:
    """links: of one category, strongest first. cutoff: the largest p that passed the first test.

    Whoever is to stand beside others has to pass that test again; whoever already stands keeps its place as
    long as anything is left of it.
    """
    kept: list[int] = []
    result = Separation()
    for position in range(len(links)):
        if not kept or _stands(links, position, kept, cutoff):
            kept.append(position)
            continue
        rival = _rival(links, position, kept)
        # Only when the rival stands beside this one, and not the reverse, does the diary tell them apart.
        if _stands(links, rival, [position]):
            result.explained[position] = rival
        else:
            result.tied[position] = rival
    _drop_the_overtaken(links, kept, result)
    for position in kept:
        result.kept[position] = _given(links, position, [other for other in kept if other != position])
    return result


def _drop_the_overtaken(links: Sequence[Link], kept: list[int], result: Separation) -> None:
    """A composite may be stronger than either of the two ingredients that act, and fade once both are
    kept.
    """
    while len(kept) > 1:
        others = {position: [other for other in kept if other != position] for position in kept}
        weakest = max(kept, key=lambda position: float(_given(links, position, others[position]).p[0]))
        if _stands(links, weakest, others[weakest]):
            return
        kept.remove(weakest)
        heir = _rival(links, weakest, kept)
        result.explained[weakest] = heir
        for fate in (result.explained, result.tied):
            for position, explanation in fate.items():
                if explanation == weakest:
                    fate[position] = heir


def _given(links: Sequence[Link], position: int, others: Sequence[int]) -> Estimates:
    study, place = links[position]
    return study.estimate(place, [links[other] for other in others])


def _stands(links: Sequence[Link], position: int, others: Sequence[int], most: float = LEFT_OVER) -> bool:
    """Is the effect still there, in the same direction, with the others held constant?"""
    study, place = links[position]
    joint = _given(links, position, others)
    same_direction = joint.effect[0] * study.estimates.effect[place] > 0
    return bool(same_direction and joint.days[0] > 0 and joint.p[0] <= most)


def _rival(links: Sequence[Link], position: int, kept: Sequence[int]) -> int:
    """The kept one beside which least of this one is left."""
    return max(kept, key=lambda other: float(_given(links, position, [other]).p[0]))
