"""Which foods go with which feelings, honestly: pure arithmetic on a diary, without Django. See
docs/how-insights-work.md.
"""

from apps.insights.engine.analysis import analyse
from apps.insights.engine.observations import Diary, Eaten, Outcome, Rated
from apps.insights.engine.results import Exposure, Interval, Needed, OutcomeResult, Pattern, Verdict
from apps.insights.engine.windows import WINDOWS, Window

__all__ = [
    "WINDOWS",
    "Diary",
    "Eaten",
    "Exposure",
    "Interval",
    "Needed",
    "Outcome",
    "OutcomeResult",
    "Pattern",
    "Rated",
    "Verdict",
    "Window",
    "analyse",
]
