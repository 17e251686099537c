"""PostgreSQL goes, and comes back, while twenty people write."""

import signal
import time

import pytest

from tests.faults.conftest import Trial
from tests.foodmood.processes import until

REFUSALS = 20  # one for each of them on average
PROMISED = 3  # seconds after the database; seen is a tenth of one
CUTS = 10


@pytest.mark.parametrize(
    ("how", "fault"),
    [
        (signal.SIGINT, "PostgreSQL is stopped and started again"),
        (signal.SIGQUIT, "PostgreSQL crashes and starts again"),
    ],
)
def test_what_is_acknowledged_around_an_outage_is_there_once(trial: Trial, how: signal.Signals, fault: str) -> None:
    with trial.site.web() as address, trial.writing(address) as writers:
        trial.server.stop(how)
        until(lambda: writers.seen["503"] >= REFUSALS, "refusals")
        trial.server.start()
        back = time.monotonic()
        writers.go_on()
    trial.whole(fault, writers, back)
    assert writers.seen["no answer"] == 0, writers.last_error
    assert writers.recovered_after(back) < PROMISED


def test_connections_that_are_cut_again_and_again_cost_no_write(trial: Trial) -> None:
    with trial.site.web() as address, trial.writing(address) as writers:
        for _ in range(CUTS):
            until(lambda: trial.server.cut(trial.database) > 0, "connections to cut")
            cut = time.monotonic()
            writers.one_after(cut)
        writers.go_on()
    trial.whole(f"Every connection to PostgreSQL is cut, {CUTS} times", writers, cut)
    assert writers.seen["no answer"] == 0, writers.last_error
