"""The time windows between eating and feeling. Which side a boundary is on says boundaries.py."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Half-open: a meal `lag` hours before an entry is inside when start_hours <= lag < end_hours."""

    start_hours: int
    end_hours: int


WINDOWS = (Window(0, 4), Window(4, 12), Window(12, 24), Window(24, 48))
