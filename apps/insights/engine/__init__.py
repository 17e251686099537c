"""Which foods go with which feelings, honestly: pure arithmetic on a diary, without Django. See
docs/how-insights-work.md.

What it is told and what it answers stand here, and load no numpy: who computes takes `analyse` from analysis.py.
"""

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
]
