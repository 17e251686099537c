"""What the engine answers. Numbers and names only: pages put them into words and into languages."""

from dataclasses import astuple, dataclass
from enum import StrEnum

from apps.insights.engine.windows import Window


class Verdict(StrEnum):
    WORTH_A_TRIAL = "worth_a_trial"
    NO_CLEAR_LINK = "no_clear_link"
    TOO_LITTLE_DATA = "too_little_data"


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Exposure:
    edible: str
    window: Window


@dataclass(frozen=True, slots=True)
class Needed:
    """What is still missing before a verdict can be given; 0 where there is enough.

    entries, days: entries (on distinct local days) whose window was logged.
    exposed, exposed_days: those with the edible in the window.
    unexposed, unexposed_days: those with other food but not this edible in the window.
    contrast_days: days on which the edible varies beyond what time of day, weekday and season already say;
        missing when, for example, coffee is drunk every morning and at no other time.
    values: different ratings; 1 when every rating is the same.
    """

    entries: int = 0
    days: int = 0
    exposed: int = 0
    exposed_days: int = 0
    unexposed: int = 0
    unexposed_days: int = 0
    contrast_days: int = 0
    values: int = 0

    @property
    def total(self) -> int:
        return sum(astuple(self))

    def __bool__(self) -> bool:
        return self.total > 0


@dataclass(frozen=True, slots=True)
class Pattern:
    """One edible, one window, one category.

    effect, interval: exposed minus unexposed, in steps of the scale; the `_sd` pair in standard deviations of
        the person's own ratings.
    exposed, unexposed: entries that were compared.
    p: of this pattern alone. q: after correction for everything tested in the diary; p <= q.
    inseparable_from: edibles that the diary cannot tell apart from this one here.
    explained_by: the stronger exposure that accounts for this one; set only on a demoted pattern.
    needed: set exactly when the verdict is too little data.
    """

    edible: str
    window: Window
    effect: float
    interval: Interval
    effect_sd: float
    interval_sd: Interval
    exposed: int
    unexposed: int
    p: float
    q: float
    verdict: Verdict
    inseparable_from: tuple[str, ...] = ()
    explained_by: Exposure | None = None
    needed: Needed | None = None


@dataclass(frozen=True, slots=True)
class OutcomeResult:
    """One category. verdict: the best among its patterns, which are sorted strongest first.

    needed: set exactly when the verdict is too little data: what the most advanced edible still lacks.
    """

    category: str
    higher_is_better: bool
    entries: int
    verdict: Verdict
    patterns: tuple[Pattern, ...]
    needed: Needed | None = None
