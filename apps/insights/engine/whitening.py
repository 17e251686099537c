"""Ratings near in time resemble each other. This removes the resemblance, so that each rating counts for
what it adds.

The residual of a rating is taken as a slowly fading mood plus noise of the moment: two ratings `lag` hours
apart correlate by share * exp(-lag / hours). Such a process can be predicted step by step (a Kalman filter
with one state); what the prediction misses is white. Filtering ratings and exposures alike makes ordinary
least squares generalised.
"""

from dataclasses import dataclass
from math import exp, sqrt
from typing import Self

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

TIE = 1e-6
ROWS = 32


@dataclass(frozen=True, slots=True)
class Correlation:
    """share: of the residual variance that is mood rather than moment, 0 <= share < 1. hours: how long it
    lasts.
    """

    share: float
    hours: float


INDEPENDENT = Correlation(0.0, 24.0)
CANDIDATES = (
    INDEPENDENT,
    *(Correlation(share, hours) for hours in (10.0, 30.0, 90.0, 270.0) for share in (0.2, 0.45, 0.7)),
)


@dataclass(frozen=True, slots=True)
class Whitener:
    """The filter as small matrices, one for each block of entries in order of time: two loops of a hundred
    steps instead of one over every entry.

    surprise: (blocks, ROWS, ROWS + 1) from a block's rows and the mood before it to what could not be
    predicted.
    mood: (blocks, 1, ROWS + 1) from the same to the mood after it.
    log_scale: sum of the logarithms of the standard deviations of the surprises.
    """

    surprise: Floats
    mood: Floats
    log_scale: float

    @classmethod
    def of(cls, hours: Floats, correlation: Correlation) -> Self:
        """hours: (n) times of the entries, sorted."""
        decay, gain, scale = _steps(hours, correlation)
        blocks = -(-len(hours) // ROWS)
        # What pads the last block comes after every entry and so changes none.
        decay, gain, scale = (
            np.pad(steps, (0, blocks * ROWS - len(hours)), constant_values=1.0).reshape(blocks, ROWS)
            for steps in (decay, gain, scale)
        )
        unit = np.eye(ROWS + 1)
        mood = np.tile(unit[ROWS], (blocks, 1))
        surprise = np.empty((blocks, ROWS, ROWS + 1))
        for row in range(ROWS):
            mood = mood * decay[:, row, None]
            missed = unit[row] - mood
            mood = mood + gain[:, row, None] * missed
            surprise[:, row] = missed / scale[:, row, None]
        return cls(surprise, mood[:, None, :], float(np.log(scale).sum()))

    def __call__(self, columns: Floats) -> Floats:
        """(n, k) in, (n, k) out."""
        length, width = columns.shape
        blocks = len(self.surprise)
        rows = np.zeros((blocks, ROWS + 1, width))
        padded = np.pad(columns, ((0, blocks * ROWS - length), (0, 0)))
        rows[:, :ROWS] = padded.reshape(blocks, ROWS, width)
        for block in range(1, blocks):
            rows[block, ROWS] = (self.mood[block - 1] @ rows[block - 1])[0]
        white: Floats = (self.surprise @ rows).reshape(blocks * ROWS, width)[:length]
        return white


def _steps(hours: Floats, correlation: Correlation) -> tuple[Floats, Floats, Floats]:
    """(n) each: how much of the mood is left since the entry before, how far the entry corrects it, and the
    standard deviation of the surprise.
    """
    share, noise = correlation.share, 1.0 - correlation.share
    uncertainty = share
    steps = []
    for gap in np.diff(hours, prepend=hours[:1]).tolist():
        decay = exp(-gap / correlation.hours)
        uncertainty = decay * decay * uncertainty + share * (1.0 - decay * decay)
        variance = uncertainty + noise
        gain = uncertainty / variance
        uncertainty *= 1.0 - gain
        steps.append((decay, gain, sqrt(variance)))
    decays, gains, scales = np.array(steps, dtype=np.float64).reshape(-1, 3).T
    return decays, gains, scales


def fit_correlation(hours: Floats, ratings: Floats, basis: Floats, least_variance: float) -> Correlation:
    """The likeliest of the candidates, by restricted maximum likelihood: it allows for the columns already
    fitted.

    hours: (n) sorted. ratings: (n). basis: (n, r) orthonormal. Ties go to the simpler model.
    """
    spare = len(ratings) - basis.shape[1]
    if spare < 2:  # noqa: PLR2004 -- a variance needs two
        return INDEPENDENT
    columns = np.column_stack([basis, ratings])
    best, highest = INDEPENDENT, -np.inf
    for correlation in CANDIDATES:
        whitener = Whitener.of(hours, correlation)
        white = whitener(columns)
        products = white.T @ white
        inner, across = products[:-1, :-1], products[:-1, -1]
        squares = products[-1, -1] - across @ np.linalg.solve(inner, across)
        likelihood = -(
            whitener.log_scale
            + np.linalg.slogdet(inner).logabsdet / 2
            + spare * np.log(max(squares, spare * least_variance)) / 2
        )
        if likelihood > highest + TIE:
            best, highest = correlation, likelihood
    return best
