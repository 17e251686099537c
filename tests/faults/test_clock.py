"""The clock jumps by a day and two hours, and back, under everything that runs."""

import time
from pathlib import Path

from tests.faults.conftest import Trial
from tests.foodmood.processes import Site, until

AHEAD = 26 * 60 * 60


def test_a_clock_that_jumps_logs_nobody_out_and_sets_no_schedule_running_wild(trial: Trial) -> None:
    clock = trial.site.folder / "clock"
    turn(clock, 0)
    under = {"DJANGO_SETTINGS_MODULE": "tests.faults.clock", "SECONDS_AHEAD": str(clock)}
    site = Site(trial.site.folder, trial.site.environment | under)
    with site.worker(), site.web() as address, trial.writing(address) as writers:
        site.minutes_pass()
        until(lambda: purges(trial) == 1, "the purge of today")
        turn(clock, AHEAD)
        writers.go_on()
        until(lambda: purges(trial) == 2, "the purge of the day that passed")
        turn(clock, 0)
        back = time.monotonic()
        writers.go_on()
    trial.whole("The clock jumps 26 hours ahead, and back", writers, back)
    assert not writers.seen, writers.last_error
    assert purges(trial) == 2


def turn(clock: Path, seconds: int) -> None:
    """At once: nobody reads half of it."""
    clock.with_suffix(".new").write_text(str(seconds))
    clock.with_suffix(".new").rename(clock)


def purges(trial: Trial) -> int:
    rows = trial.server.query(
        "SELECT count(*) FROM django_q_task WHERE func = 'apps.accounts.purge.purge'", trial.database
    )
    return int(rows[0][0])
