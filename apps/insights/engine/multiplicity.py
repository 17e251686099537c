"""Many patterns are tested at once. What is the same question counts once, and the rest pays for its
number.
"""

import numpy as np
import numpy.typing as npt

SAME = 0.95


def resemblance(exposed: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """(m, m) which of the columns (n, m) the diary cannot tell apart: |phi| >= 0.95, each with itself.

    A negative phi counts too: when it is always either butter or margarine, a link with one is a link with
    the other's absence. No column may be constant.
    """
    centred = exposed - exposed.sum(axis=0) / max(len(exposed), 1)
    centred /= np.sqrt((centred**2).sum(axis=0))
    same: npt.NDArray[np.bool_] = np.abs(centred.T @ centred) >= SAME
    return same


def leaders(same: npt.NDArray[np.bool_], counts: npt.NDArray[np.int64]) -> npt.NDArray[np.intp]:
    """(m) for each column the index of the column that stands for its group.

    The most frequent lead, and among equals the first; never the one with the better result, because
    choosing that would be one more look at the data.
    """
    lead = np.full(len(same), -1, dtype=np.intp)
    for column in np.argsort(-counts, kind="stable"):
        if lead[column] < 0:
            lead[same[column] & (lead < 0)] = column
    return lead


def false_discovery_rate(p: npt.NDArray[np.float64], tests: int | None = None) -> npt.NDArray[np.float64]:
    """(t) Benjamini and Hochberg's q for t values of p, which may be what is left of more tests."""
    order = np.argsort(p, kind="stable")
    raised = p[order] * (len(p) if tests is None else tests) / np.arange(1, len(p) + 1)
    q = np.empty_like(p)
    q[order] = np.minimum.accumulate(raised[::-1])[::-1]
    return np.clip(q, p, 1.0)  # dividing what was multiplied may round to just below p
