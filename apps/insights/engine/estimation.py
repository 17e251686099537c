"""The effect of each exposure on the ratings of one category, with an honest standard error."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr, stdtrit

from apps.insights.engine.adjustment import nuisance, orthonormal
from apps.insights.engine.whitening import Whitener, fit_correlation

Floats = npt.NDArray[np.float64]

CONFIDENCE = 0.95
LEAST_OWN_SHARE = 1e-6
PRIOR_DAYS = 20
FEWEST_SPARE_ENTRIES = 5


@dataclass(frozen=True, slots=True)
class Ratings:
    """The n entries of one category in order of time."""

    seconds: npt.NDArray[np.int64]
    values: Floats
    days: npt.NDArray[np.int64]
    hours: Floats
    within: npt.NDArray[np.int64]  # hours by which the time may be wrong

    @property
    def least_variance(self) -> float:
        """Variance of the rounding to whole steps. No estimate may claim to be more exact than the scale."""
        step = float(np.min(np.diff(np.unique(self.values))))
        return step * step / 12

    def take(self, rows: npt.NDArray[np.intp]) -> "Ratings":
        return Ratings(self.seconds[rows], self.values[rows], self.days[rows], self.hours[rows], self.within[rows])


@dataclass(frozen=True, slots=True)
class Estimates:
    """(m) each, one per exposure. days: the effective number of days that carry the contrast, less one; 0
    where nothing can be estimated.
    """

    effect: Floats
    low: Floats
    high: Floats
    p: Floats
    days: Floats

    def take(self, chosen: npt.NDArray[np.bool_]) -> "Estimates":
        return Estimates(self.effect[chosen], self.low[chosen], self.high[chosen], self.p[chosen], self.days[chosen])


@dataclass(frozen=True, slots=True)
class Model:
    """Ratings with time of day, weekday, drift and resemblance taken out; exposures are then put in.

    rest: (n) what is left of the whitened ratings. basis: (n, r) what was taken out.
    order, starts: sort the entries by day, and where each day starts.
    """

    whitener: Whitener
    basis: Floats
    rest: Floats
    order: npt.NDArray[np.intp]
    starts: npt.NDArray[np.intp]
    least_variance: float

    @classmethod
    def of(cls, ratings: Ratings) -> Self:
        hours, centred = ratings.seconds / 3600, ratings.values - ratings.values.mean()
        habits = orthonormal(nuisance(ratings.days, ratings.hours))
        correlation = fit_correlation(hours, centred, habits, ratings.least_variance)
        whitener = Whitener.of(hours, correlation)
        basis = orthonormal(whitener(habits))
        rest = _without(basis, whitener(centred[:, None]))[:, 0]
        order = np.argsort(ratings.days, kind="stable")
        starts = np.unique(ratings.days[order], return_index=True)[1]
        return cls(whitener, basis, rest, order, starts, ratings.least_variance)

    def estimate(self, exposures: npt.NDArray[np.generic], given: npt.NDArray[np.generic]) -> Estimates:
        """exposures: (n, m), each estimated on its own. given: (n, j) further columns to hold constant."""
        white = self.whitener(exposures.astype(np.float64))
        sizes = np.einsum("ij,ij->j", white, white)
        taken = self.whitener(given.astype(np.float64))
        further = orthonormal(_without(self.basis, taken), LEAST_OWN_SHARE)
        own = _without(further, _without(self.basis, white))
        rest = _without(further, self.rest[:, None])[:, 0]
        spare = len(rest) - self.basis.shape[1] - further.shape[1] - 1
        contrast = np.einsum("ij,ij->j", own, own)
        possible = (contrast > LEAST_OWN_SHARE * sizes) & (spare >= FEWEST_SPARE_ENTRIES)
        contrast[~possible] = 1.0
        effect = np.where(possible, own.T @ rest / contrast, 0.0)
        variance, freedom, days = self._variance(own, rest, effect, contrast, spare)
        return _estimates(effect, variance, freedom, np.where(possible, days, 0.0))

    def _variance(
        self, own: Floats, rest: Floats, effect: Floats, contrast: Floats, spare: int
    ) -> tuple[Floats, Floats, Floats]:
        """(m) each: squared standard errors, their degrees of freedom, and the days that carry the contrast.

        Clustered by day, each day's score enlarged by its leverage (CR2, for the one column of interest).
        That is right whatever the variances are, but noisy where few days carry the contrast; so it is
        drawn towards what errors of equal variance would give, as if that had been seen on PRIOR_DAYS more
        days.
        """
        errors = rest[:, None] - own * effect
        share = self._by_day(own * own) / contrast
        scores = self._by_day(own * errors)
        inflation = len(rest) / max(spare, 1)
        clustered = inflation * (scores**2 / np.maximum(1.0 - share, 1e-3)).sum(axis=0) / contrast**2
        equal = (errors**2).sum(axis=0) / max(spare, 1) / contrast
        days = np.maximum(1.0 / np.maximum((share**2).sum(axis=0), 1e-12) - 1.0, 0.0)
        variance = (PRIOR_DAYS * equal + days * clustered) / (PRIOR_DAYS + days)
        variance = np.maximum(variance, self.least_variance / contrast)
        return variance, np.clip(PRIOR_DAYS + days, 1.0, max(spare, 1)), days

    def _by_day(self, columns: Floats) -> Floats:
        sums: Floats = np.add.reduceat(columns[self.order], self.starts, axis=0)
        return sums


def _without(basis: Floats, columns: Floats) -> Floats:
    rest: Floats = columns - basis @ (basis.T @ columns)
    return rest


def _estimates(effect: Floats, variance: Floats, freedom: Floats, days: Floats) -> Estimates:
    error = np.sqrt(variance)
    margin = stdtrit(freedom, (1 + CONFIDENCE) / 2) * error
    p = np.clip(2 * stdtr(freedom, -np.abs(effect) / error), 0.0, 1.0)
    return Estimates(effect, effect - margin, effect + margin, p, days)
