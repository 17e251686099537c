"""One category and one window: which entries count, and the estimate of every edible in them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

from apps.insights.engine.estimation import Estimates, Model, Ratings
from apps.insights.engine.evidence import missing, missing_contrast
from apps.insights.engine.exposure import Meals
from apps.insights.engine.multiplicity import leaders, resemblance
from apps.insights.engine.results import Needed
from apps.insights.engine.windows import Window


@dataclass(frozen=True)
class Study:
    """For n entries of a category, of which those count whose window was kept, and m edibles, of which c
    can be estimated.

    The other entries stay in the model with a level of their own: they never stand for "not eaten", but
    they tell how the person felt that day.

    kept: (n). exposed: (n, m), false where not kept. columns: (c) indices of the edibles that can be
    estimated.
    needed: (m) what each edible lacks. estimates: (c).
    """

    window: Window
    edibles: tuple[str, ...]
    model: Model
    kept: npt.NDArray[np.bool_]
    exposed: npt.NDArray[np.bool_]
    columns: npt.NDArray[np.intp]
    needed: tuple[Needed, ...]
    estimates: Estimates

    @classmethod
    def of(cls, ratings: Ratings, model: Model, meals: Meals, window: Window) -> Self:
        kept = meals.observed(ratings.seconds, ratings.hours, window)
        kept &= ~meals.blurred(ratings.seconds, ratings.within, window)
        exposed = meals.exposed(ratings.seconds, window) & kept[:, None]
        needed, possible = missing(exposed[kept], ratings.days[kept])
        columns = np.flatnonzero(possible)
        estimates = model.estimate(exposed[:, columns], ~kept[:, None])
        lacking = list(needed)
        for column, days in zip(columns.tolist(), estimates.days.tolist(), strict=True):
            lacking[column] = replace(lacking[column], contrast_days=missing_contrast(days))
        estimable = estimates.days > 0
        return cls(
            window=window,
            edibles=meals.edibles,
            model=model,
            kept=kept,
            exposed=exposed,
            columns=columns[estimable],
            needed=tuple(lacking),
            estimates=estimates.take(estimable),
        )

    @cached_property
    def counts(self) -> npt.NDArray[np.int64]:
        """(m) exposed entries."""
        total: npt.NDArray[np.int64] = self.exposed.sum(axis=0)
        return total

    @cached_property
    def tested(self) -> npt.NDArray[np.bool_]:
        """(c) which of the estimated have enough data for a verdict."""
        return np.array([not self.needed[column] for column in self.columns], dtype=np.bool_)

    @cached_property
    def same(self) -> npt.NDArray[np.bool_]:
        """(c, c) which of the estimated cannot be told apart."""
        return resemblance(self.exposed[self.kept][:, self.columns])

    @cached_property
    def groups(self) -> npt.NDArray[np.intp]:
        """(c) the place among the c of each one's leader; -1 for what is not tested."""
        places = np.flatnonzero(self.tested)
        lead = np.full(len(self.columns), -1, dtype=np.intp)
        lead[places] = places[leaders(self.same[np.ix_(places, places)], self.counts[self.columns[places]])]
        return lead

    def estimate(self, place: int, given: Iterable[tuple[Self, int]]) -> Estimates:
        """One of the c again, now with other exposures held constant too."""
        further = [~self.kept]
        for other, at in given:
            further += [other.exposed[:, other.columns[at]], ~other.kept]
        return self.model.estimate(self.exposed[:, self.columns[place], None], np.column_stack(further))
