"""The engine runs in a process of its own, no two at once on a machine: numpy would take a web process half as much
memory again, and a long diary much more, of which little is given back. See docs/adr/0024.
"""

import logging
import pickle
import signal
import subprocess
import sys

from django.conf import settings

from apps.insights.engine import OutcomeResult
from apps.insights.rows import Packed

logger = logging.getLogger(__name__)

# One diary may be too large, or the machine too busy; with any other status no diary's insights work.
LIMITS = {
    -signal.SIGALRM: "their process took longer than INSIGHTS_SECONDS",
    -signal.SIGKILL: "their process was killed, probably because the machine ran out of memory",
}


class NotComputedError(Exception):
    """It waited too long for others, took more time or memory than one analysis gets, or was killed."""


def analyse_apart(diary: Packed) -> tuple[OutcomeResult, ...]:
    limits = [str(settings.INSIGHTS_LOCK), str(settings.INSIGHTS_SECONDS), str(settings.INSIGHTS_MEMORY)]
    done = subprocess.run(  # noqa: S603 -- our own module
        [sys.executable, "-m", "apps.insights", *limits],
        input=pickle.dumps(diary),
        stdout=subprocess.PIPE,
        cwd=settings.BASE_DIR,
        check=False,
    )
    if done.returncode in LIMITS:
        logger.warning("Insights were not computed: %s.", LIMITS[done.returncode])
        raise NotComputedError
    if done.returncode:
        logger.error(
            "Insights don't work: the process that computes them ended with status %d, and printed why. Nobody can open"
            " the page until that is fixed.",
            done.returncode,
        )
        raise NotComputedError
    answer = pickle.loads(done.stdout)  # noqa: S301 -- from our own process
    if isinstance(answer, MemoryError):
        logger.warning("Insights were not computed: they need more memory than INSIGHTS_MEMORY.")
        raise NotComputedError
    if isinstance(answer, Exception):
        raise answer
    return answer  # type: ignore[no-any-return] # pickle does not say
