from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.foodmood.mail.smtp import Inbox, new_inbox, serving

QUEUE = "foodmood.mail.backend.QueueBackend"
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def _queued(db: None, settings: Settings) -> None:
    """Mail waits in the database, and leaves by SMTP."""
    settings.EMAIL_BACKEND = QUEUE
    settings.MAIL_TRANSPORT = SMTP


@pytest.fixture
def inbox_off(settings: Settings) -> Inbox:
    """A mail server that is down; `serving(inbox_off)` starts it."""
    inbox = new_inbox()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", inbox.port
    return inbox


@pytest.fixture
def inbox(inbox_off: Inbox) -> Iterator[Inbox]:
    """A mail server that runs."""
    with serving(inbox_off):
        yield inbox_off
