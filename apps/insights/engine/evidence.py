"""How much a diary must hold before the engine says anything, and what it still lacks."""

from math import ceil

import numpy as np
import numpy.typing as npt

from apps.insights.engine.results import Needed

MINIMUM = Needed(
    entries=20,
    days=14,
    exposed=8,
    exposed_days=6,
    unexposed=8,
    unexposed_days=6,
    contrast_days=4,
    values=2,
)
FEWEST_DAYS_TO_ESTIMATE = 3


def missing(
    exposed: npt.NDArray[np.bool_], days: npt.NDArray[np.int64]
) -> tuple[tuple[Needed, ...], npt.NDArray[np.bool_]]:
    """For each of the m columns of exposures (n, m): what is missing, and whether an estimate is possible
    at all.
    """
    entries, distinct_days = len(days), len(np.unique(days))
    counts = exposed.sum(axis=0)
    exposed_days = _distinct_days(exposed, days)
    unexposed_days = _distinct_days(~exposed, days)
    needed = tuple(
        Needed(
            entries=_lack(MINIMUM.entries, entries),
            days=_lack(MINIMUM.days, distinct_days),
            exposed=_lack(MINIMUM.exposed, with_it),
            exposed_days=_lack(MINIMUM.exposed_days, with_days),
            unexposed=_lack(MINIMUM.unexposed, entries - with_it),
            unexposed_days=_lack(MINIMUM.unexposed_days, without_days),
        )
        for with_it, with_days, without_days in zip(
            counts.tolist(), exposed_days.tolist(), unexposed_days.tolist(), strict=True
        )
    )
    possible = np.minimum(exposed_days, unexposed_days) >= FEWEST_DAYS_TO_ESTIMATE
    return needed, possible


def missing_contrast(days: float) -> int:
    """days: the effective number that carries the contrast; see `Estimates`."""
    return _lack(MINIMUM.contrast_days, ceil(days))


def missing_everything(entries: int, days: int) -> Needed:
    """What a diary lacks in which nothing was eaten before any entry."""
    return Needed(
        entries=_lack(MINIMUM.entries, entries),
        days=_lack(MINIMUM.days, days),
        exposed=MINIMUM.exposed,
        exposed_days=MINIMUM.exposed_days,
        unexposed=MINIMUM.unexposed,
        unexposed_days=MINIMUM.unexposed_days,
    )


def _lack(wanted: int, present: int) -> int:
    return max(0, wanted - present)


def _distinct_days(exposed: npt.NDArray[np.bool_], days: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    if not len(days):
        return np.zeros(exposed.shape[1], dtype=np.int64)
    order = np.argsort(days, kind="stable")
    starts = np.unique(days[order], return_index=True)[1]
    any_that_day = np.logical_or.reduceat(exposed[order], starts, axis=0)
    total: npt.NDArray[np.int64] = any_that_day.sum(axis=0)
    return total
