"""What a rating depends on besides food: time of day, weekday, and slow drift. Food habits follow all
three.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

HOURS_PER_DAY = 24
DAYS_PER_WEEK = 7
ENTRIES_PER_CLOCK_WAVE = 20
DAYS_PER_WEEK_WAVE = 14
MOST_WAVES = 3
DAYS_PER_KNOT = 28


def nuisance(days: npt.NDArray[np.int64], hours: Floats) -> Floats:
    """(n, k) columns to hold constant. A longer diary affords a finer description.

    Time of day: up to three pairs of waves, enough to follow seven habitual rating times exactly.
    Weekday: up to three pairs of waves, which then equal a level of its own for every weekday, so that no
    weekday needs to be called the first.
    Drift: a broken line with a knot every four weeks of kept diary, so that a holiday from logging costs
    nothing.
    """
    kept_days, position = np.unique(days, return_inverse=True)
    return np.column_stack(
        [
            np.ones(len(days)),
            *_waves(hours / HOURS_PER_DAY, min(MOST_WAVES, len(days) // ENTRIES_PER_CLOCK_WAVE)),
            *_waves(days / DAYS_PER_WEEK, min(MOST_WAVES, len(kept_days) // DAYS_PER_WEEK_WAVE)),
            _broken_line(position.astype(np.float64), len(kept_days)),
        ]
    )


def _waves(turns: Floats, pairs: int) -> list[Floats]:
    angles = 2 * np.pi * (turns % 1.0)
    return [wave(number * angles) for number in range(1, pairs + 1) for wave in (np.sin, np.cos)]


def _broken_line(position: Floats, length: int) -> Floats:
    """(n, knots) hat functions; they sum to one, which the basis below resolves against the constant."""
    if length < DAYS_PER_WEEK_WAVE:
        return np.empty((len(position), 0))
    knots = np.linspace(0, length - 1, 2 + length // DAYS_PER_KNOT)
    return np.column_stack([np.interp(position, knots, hat) for hat in np.eye(len(knots))])


def orthonormal(columns: Floats, tolerance: float = 1e-9) -> Floats:
    """(n, r) an orthonormal basis of what the (n, k) columns span; r < k where they depend on each other.

    By the k x k product rather than a decomposition of all n rows: much cheaper for a diary of years.
    """
    if not columns.size:
        return np.empty((len(columns), 0))
    sizes, vectors = np.linalg.eigh(columns.T @ columns)
    kept = sizes > tolerance * max(sizes[-1], tolerance)
    basis: Floats = columns @ (vectors[:, kept] / np.sqrt(sizes[kept]))
    return basis
