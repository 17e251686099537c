"""Estimates as drawings: where zero, an interval and its point stand on one scale. Templates draw, this measures."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, log10

from apps.insights.engine import Interval, Pattern

WIDTH = 320  # units of the drawing; `_interval.html` says the same in its viewBox
MARGIN = 12  # room for half a tick label
MOST_TICKS = 6
ROUND_STEPS = (1, 2, 5, 10)


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    value: float


@dataclass(frozen=True, slots=True)
class Bar:
    """An interval and its point. In units of the drawing, left <= point <= right."""

    left: float
    point: float
    right: float

    @property
    def length(self) -> float:
        return round(self.right - self.left, 1)


@dataclass(frozen=True, slots=True)
class Scale:
    """One scale for all intervals that stand together, so that they can be compared; zero is always on it."""

    low: float
    high: float

    @classmethod
    def over(cls, patterns: Iterable[Pattern]) -> "Scale":
        ends = [end for pattern in patterns for end in (pattern.interval.low, pattern.interval.high)]
        low, high = min([0.0, *ends]), max([0.0, *ends])
        # A little to both sides of zero: it is a place on the scale, not its edge.
        edge = (high - low) / 20 or 1.0
        return cls(min(low, -edge), max(high, edge))

    @property
    def zero(self) -> float:
        return self._x(0.0)

    @property
    def ticks(self) -> tuple[Tick, ...]:
        step = _round_step((self.high - self.low) / MOST_TICKS)
        values = (number * step for number in range(ceil(self.low / step), floor(self.high / step) + 1))
        return tuple(Tick(self._x(value), value) for value in values)

    @property
    def decimals(self) -> int:
        """How many the ticks need."""
        return max(0, -floor(log10(_round_step((self.high - self.low) / MOST_TICKS))))

    def bar(self, effect: float, interval: Interval) -> Bar:
        return Bar(self._x(interval.low), self._x(effect), self._x(interval.high))

    def _x(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(MARGIN + share * (WIDTH - 2 * MARGIN), 1)


def _round_step(least: float) -> float:
    """The smallest of 1, 2, 5, 10 times a power of ten that is not less."""
    power = 10.0 ** floor(log10(least))
    return next(step * power for step in ROUND_STEPS if step * power >= least * 0.999999)
