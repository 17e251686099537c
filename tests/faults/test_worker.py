"""The worker dies in the middle of what it does."""

import signal
import time
from collections.abc import Iterator

import pytest

from tests.faults.conftest import Trial
from tests.foodmood.mail.smtp import Inbox, new_inbox, serving
from tests.foodmood.processes import Site, signal_all, until

PEOPLE = 20
EVERYBODY = {f"person{number}@example.org" for number in range(PEOPLE)}
WRITE_TO_EVERYBODY = f"""
from django.core.mail import send_mail
for number in range({PEOPLE}):
    send_mail("Hello", "How are you?", None, [f"person{{number}}@example.org"])
"""


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with serving(new_inbox()) as inbox:
        yield inbox


def test_a_worker_that_is_killed_at_its_work_leaves_it_to_the_next(trial: Trial, inbox: Inbox) -> None:
    mail = {"EMAIL_URL": f"smtp://127.0.0.1:{inbox.port}", "DEFAULT_FROM_EMAIL": "diary@example.org"}
    site = Site(trial.site.folder, trial.site.environment | mail)
    inbox.seconds_per_mail = 0.3
    site.manage("shell", "--verbosity=0", "--command", WRITE_TO_EVERYBODY)
    with site.worker() as worker:
        site.minutes_pass()
        until(lambda: len(inbox.messages) >= PEOPLE // 4, "some of the mails")
        signal_all(worker, signal.SIGKILL)
    before = len(inbox.messages)
    assert before < PEOPLE, "the worker was killed too late for this test"
    inbox.seconds_per_mail = 0
    site.minutes_pass()
    with site.worker():
        back = time.monotonic()
        until(lambda: len(inbox.messages) > before, "a further mail")
        seconds = time.monotonic() - back
        until(lambda: site.rows("SELECT 1 FROM mail_queuedmail") == [], "an empty queue")
    # The one in hand may come twice; it is the same mail to whoever gets it, by its Message-ID.
    mails = {message["Message-ID"]: message["To"] for message in inbox.messages}
    trial.judge("The worker is killed in the middle of a task", EVERYBODY, mails.values(), seconds)
