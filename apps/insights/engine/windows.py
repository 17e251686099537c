"""The time windows between eating and feeling, and the one place that says which side a boundary is on."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

SECONDS_PER_HOUR = 3600


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Half-open: a meal `lag` hours before an entry is inside when start_hours <= lag < end_hours."""

    start_hours: int
    end_hours: int

    def bounds(
        self,
        meals: npt.NDArray[np.int64],
        entries: npt.NDArray[np.int64],
    ) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """For each entry, the slice [first, last) of the sorted meals that are inside its window.

        Both are in whole seconds (see `whole_seconds`).
        """
        first = np.searchsorted(meals, entries - self.end_hours * SECONDS_PER_HOUR, side="right")
        last = np.searchsorted(meals, entries - self.start_hours * SECONDS_PER_HOUR, side="right")
        return first, last


WINDOWS = (Window(0, 4), Window(4, 12), Window(12, 24), Window(24, 48))


def whole_seconds(hours: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Hours since the epoch are not exact in binary (12:05 is not), and a meal exactly four hours before an
    entry would fall on either side by chance. Whole seconds compare exactly.
    """
    return np.rint(np.asarray(hours, dtype=np.float64) * SECONDS_PER_HOUR).astype(np.int64)
