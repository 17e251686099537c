"""Who was exposed to what, and when the diary was known to be kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from apps.insights.engine.boundaries import bounds, whole_seconds
from apps.insights.engine.expansion import expand
from apps.insights.engine.observations import Eaten
from apps.insights.engine.windows import Window

HOURS_PER_SLOT = 4


@dataclass(frozen=True)
class Meals:
    """All meals of a diary, ready to be asked about any window.

    edibles: (m) names, sorted.
    times: (t) seconds, distinct and sorted.
    counts: (t + 1, m) how many of the first i meals held each edible, directly or inside another.
    by_guess: for each number of hours by which times may be wrong, 0 for those that are known: such times, sorted.
    """

    edibles: tuple[str, ...]
    times: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int32]
    by_guess: Mapping[int, npt.NDArray[np.int64]]

    @classmethod
    def of(cls, eaten: Sequence[Eaten], ingredients: Mapping[str, tuple[str, ...]]) -> "Meals":
        expansions = {edible: expand(edible, ingredients) for edible in {portion.edible for portion in eaten}}
        edibles = tuple(sorted(frozenset().union(*expansions.values())))
        column = {edible: index for index, edible in enumerate(edibles)}
        columns = {edible: [column[part] for part in parts] for edible, parts in expansions.items()}
        times, rows = np.unique(whole_seconds([portion.at for portion in eaten]), return_inverse=True)
        held = np.zeros((len(times) + 1, len(edibles)), dtype=np.int32)
        for row, portion in zip(rows, eaten, strict=True):
            held[row + 1, columns[portion.edible]] = 1
        within = np.array([portion.within for portion in eaten], dtype=np.int64)
        by_guess = {hours: times[np.unique(rows[within == hours])] for hours in np.unique(within).tolist()}
        return cls(edibles, times, np.cumsum(held, axis=0, dtype=np.int32), by_guess)

    def exposed(self, entries: npt.NDArray[np.int64], window: Window) -> npt.NDArray[np.bool_]:
        """(n, m) for n entries in seconds: was the edible eaten inside the window before the entry?"""
        first, last = bounds(window, self.times, entries)
        exposed: npt.NDArray[np.bool_] = self.counts[last] > self.counts[first]
        return exposed

    def observed(
        self,
        entries: npt.NDArray[np.int64],
        hours: npt.NDArray[np.float64],
        window: Window,
    ) -> npt.NDArray[np.bool_]:
        """(n) was the diary kept inside the window? Nothing logged does not mean nothing eaten.

        Kept means: at least one meal, and at least half as many as this person usually logs inside this
        window before an entry at this time of day (the median of those with any, in slots of four hours).
        The rule asks about meals of any kind, never about one edible, so that it treats exposed and
        unexposed alike.
        """
        first, last = bounds(window, self.times, entries)
        meals = last - first
        kept = meals > 0
        slots = (hours // HOURS_PER_SLOT).astype(np.int64)
        for slot in np.unique(slots):
            here = slots == slot
            some = meals[here & kept]
            if some.size:
                kept[here] &= 2 * meals[here] >= np.median(some)
        return kept

    def blurred(
        self, entries: npt.NDArray[np.int64], within: npt.NDArray[np.int64], window: Window
    ) -> npt.NDArray[np.bool_]:
        """(n) may a meal be inside the window or outside it, because its time or the entry's is a guess?

        Only windows that are shorter than the time in question: for longer ones a guess is near enough. Like
        observed(), the rule asks about meals of any kind.
        """
        blurred = np.zeros(len(entries), dtype=np.bool_)
        for own in np.unique(within).tolist():
            here = within == own
            for of_meal, times in self.by_guess.items():
                unknown = own + of_meal
                if window.end_hours - window.start_hours < 2 * unknown:
                    wide = Window(window.start_hours - unknown, window.end_hours + unknown)
                    first, last = bounds(wide, times, entries[here])
                    blurred[here] |= last > first
        return blurred
