"""What operators see when mail does not come: docs/troubleshooting.md."""

from collections.abc import Callable, Iterator

import pytest
from django.core.mail import send_mail
from django.core.management import call_command
from pytest_django import Settings

from foodmood.mail.sending import send_due
from foodmood.startup import report
from tests.foodmood.mail.conftest import QUEUE, SMTP
from tests.foodmood.mail.smtp import Inbox, new_inbox, serving
from tests.foodmood.telemetry.telling import Log, logged

pytestmark = pytest.mark.django_db
Guide = Callable[[str], None]
ALICE = "alice@example.org"


@pytest.fixture
def log() -> Iterator[Log]:
    with logged() as log:
        yield log


@pytest.fixture
def inbox(settings: Settings) -> Inbox:
    """A mail server that is down, and a mail that waits for it."""
    settings.EMAIL_BACKEND, settings.MAIL_TRANSPORT = QUEUE, SMTP
    inbox = new_inbox()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", inbox.port
    send_mail("Hello", "A mail.", "FoodMood <diary@example.org>", [ALICE])
    return inbox


def test_a_site_without_mail(in_the_guide: Guide, no_mail: None, log: Log) -> None:
    report()
    in_the_guide(log.text)


def test_a_mail_server_that_is_down(in_the_guide: Guide, inbox: Inbox, log: Log) -> None:
    send_due()
    in_the_guide(log.text)


def test_a_mail_that_is_refused_for_good(in_the_guide: Guide, inbox: Inbox, log: Log) -> None:
    inbox.refusals[ALICE] = "550 No such mailbox"
    with serving(inbox):
        send_due()
    in_the_guide(log.text)


def test_mail_that_waits_for_a_worker(in_the_guide: Guide, inbox: Inbox, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(inbox):
        call_command("send_test_email", "bob@example.org")
    in_the_guide(capsys.readouterr().out)
