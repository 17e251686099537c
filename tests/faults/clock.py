"""Settings under a clock that jumps: a file says how many seconds it is ahead.

Not libfaketime: it breaks how Python sleeps (clock_nanosleep to a moment of the monotonic clock, which no jump moves).
"""

import os
import time
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

AHEAD = Path(os.environ["SECONDS_AHEAD"])
_time, _now = time.time, timezone.now


def _seconds_ahead() -> float:
    return float(AHEAD.read_text())


def _jumping_time() -> float:
    return _time() + _seconds_ahead()


def _jumping_now() -> datetime:
    return _now() + timedelta(seconds=_seconds_ahead())


time.time, timezone.now = _jumping_time, _jumping_now  # first: others import them by name

from tests.faults.settings import *  # noqa: E402, F403 -- settings, after the clock
