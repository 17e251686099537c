"""The one place that says which side of a window's boundary a meal is on."""

import numpy as np
import numpy.typing as npt

from apps.insights.engine.windows import Window

SECONDS_PER_HOUR = 3600


def bounds(
    window: Window, meals: npt.NDArray[np.int64], entries: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """For each entry, the slice [first, last) of the sorted meals that are inside its window.

    Both are in whole seconds (see `whole_seconds`).
    """
    first = np.searchsorted(meals, entries - window.end_hours * SECONDS_PER_HOUR, side="right")
    last = np.searchsorted(meals, entries - window.start_hours * SECONDS_PER_HOUR, side="right")
    return first, last


def whole_seconds(hours: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Hours since the epoch are not exact in binary (12:05 is not), and a meal exactly four hours before an
    entry would fall on either side by chance. Whole seconds compare exactly.
    """
    return np.rint(np.asarray(hours, dtype=np.float64) * SECONDS_PER_HOUR).astype(np.int64)
