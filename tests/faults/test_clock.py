"""The clock jumps by a day and two hours, and back, under everything that runs."""

import time
from pathlib import Path

from tests.faults.conftest import Trial, needed, program
from tests.foodmood.processes import Site, until


def test_a_clock_that_jumps_logs_nobody_out_and_sets_no_schedule_running_wild(trial: Trial) -> None:
    program("faketime")
    library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    needed(library, "No libfaketime beside faketime.")
    clock = trial.site.folder / "clock"
    clock.write_text("+0")
    faked = {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",  # nor does the kernel's jump
        "NO_FAKE_STAT": "1",  # gunicorn's heartbeat is a file's time, which no clock wrote
    }
    site = Site(trial.site.folder, trial.site.environment | faked)
    with site.worker(), site.web() as address, trial.writing(address) as writers:
        until(lambda: purges(trial) == 1, "the first purge, which is due at once")
        clock.write_text("+26h")
        writers.go_on()
        until(lambda: purges(trial) == 2, "the purge of the day that passed")
        clock.write_text("+0")
        back = time.monotonic()
        writers.go_on()
    trial.whole("The clock jumps 26 hours ahead, and back", writers, back)
    assert not writers.seen, writers.last_error
    assert purges(trial) == 2


def purges(trial: Trial) -> int:
    rows = trial.server.query(
        "SELECT count(*) FROM django_q_task WHERE func = 'apps.accounts.purge.purge'", trial.database
    )
    return int(rows[0][0])
