"""Fifty people sign up while the mail server is down or the worker is killed: each gets one mail, none is lost."""

import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.foodmood.mail.smtp import Inbox, new_inbox, serving
from tests.foodmood.processes import Site, new_site, sign_up, signal_all, until

pytestmark = pytest.mark.django_db

PEOPLE = 50
EVERYBODY = {f"person{number}@example.org" for number in range(PEOPLE)}


@pytest.fixture
def inbox() -> Inbox:
    """A mail server that is down."""
    return new_inbox()


@pytest.fixture
def site(tmp_path: Path, inbox: Inbox) -> Iterator[Site]:
    with new_site(tmp_path, EMAIL_URL=f"smtp://127.0.0.1:{inbox.port}") as site:
        yield site


def everybody_signs_up(site: Site) -> None:
    """Nobody waits for mail: each answer takes less than the 10 s after which a mail server is given up."""
    with site.web() as address:
        assert max(sign_up(address, number) for number in range(PEOPLE)) < 5


def test_with_the_server_down_everybody_signs_up_and_gets_one_mail_when_it_is_back(site: Site, inbox: Inbox) -> None:
    with site.worker():
        everybody_signs_up(site)
        until(lambda: site.rows("SELECT 1 FROM mail_queuedmail WHERE attempts > 0") != [], "the worker to try")
        assert site.ask("QueuedMail.objects.waiting().count()") == str(PEOPLE)
        with serving(inbox):
            site.minutes_pass()
            until(lambda: len(inbox.messages) >= PEOPLE, "the mails")
            until(lambda: site.rows("SELECT 1 FROM mail_queuedmail") == [], "an empty queue")
    assert Counter(message["To"] for message in inbox.messages) == dict.fromkeys(EVERYBODY, 1)


def test_a_worker_killed_in_the_middle_loses_no_mail(site: Site, inbox: Inbox) -> None:
    everybody_signs_up(site)
    inbox.seconds_per_mail = 0.2
    with serving(inbox):
        with site.worker() as worker:
            until(lambda: len(inbox.messages) >= PEOPLE // 3, "a third of the mails")
            signal_all(worker, signal.SIGKILL)
        assert len(inbox.messages) < PEOPLE, "the worker was killed too late for this test"
        inbox.seconds_per_mail = 0
        site.minutes_pass()
        with site.worker():
            until(lambda: site.rows("SELECT 1 FROM mail_queuedmail") == [], "an empty queue")
    assert {message["To"] for message in inbox.messages} == EVERYBODY
    # Each of the two processes that send may have had one in hand; who gets it twice can see that it is one.
    assert len(set(inbox.message_ids)) == PEOPLE
    assert len(inbox.messages) <= PEOPLE + 2
