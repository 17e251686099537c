"""Sends what waits, through the transport. Run by the worker, by cron, or by hand; any number at once."""

import logging
from time import monotonic

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from foodmood.mail import mail_is_sent
from foodmood.mail.failures import Consequence, judge, mend
from foodmood.mail.models import QueuedMail
from foodmood.telemetry.models import Happening, Tally

logger = logging.getLogger(__name__)

SECONDS = 20  # then no further mail is begun, because a platform gives 30 to stop; the next run goes on


def send_due() -> int:
    """Send what is due, oldest first, over one connection; how many went. Stops when nothing gets through."""
    if not mail_is_sent():
        return 0  # what a provider left behind waits for the next one
    transport: BaseEmailBackend = get_connection(settings.MAIL_TRANSPORT)
    end = monotonic() + SECONDS
    sent = 0
    try:
        while monotonic() < end and (mail := QueuedMail.objects.claim()):
            consequence = _send(mail, transport)
            sent += consequence is None
            if consequence is Consequence.STOP:
                break
    finally:
        _close(transport)
    return sent


def forget_set_aside() -> int:
    """Delete mail that was set aside and that nobody cared for; how many."""
    old = QueuedMail.objects.set_aside().filter(queued_at__lt=timezone.now() - settings.RETENTION["mail"])
    return old.delete()[0]


def _send(mail: QueuedMail, transport: BaseEmailBackend) -> Consequence | None:
    """What follows from trying this mail; None when it was sent."""
    email = mail.email()
    if email is None:
        mail.set_aside("suppressed")
        _report(mail)
        return Consequence.SET_ASIDE
    try:
        transport.open()
        transport.send_messages([email])
    except Exception as error:  # noqa: BLE001 -- whatever it is, the mail must not be lost; judge() says what follows
        failure = judge(error)
        if failure.consequence is Consequence.SET_ASIDE:
            mail.set_aside(failure.summary)
        else:
            mail.postpone(failure.summary)
        _report(mail, mend(error), stops=failure.consequence is Consequence.STOP)
        return failure.consequence
    mail.delete()
    Tally.objects.note(Happening.MAIL_SENT)
    return None


def _report(mail: QueuedMail, advice: str = "", *, stops: bool = False) -> None:
    """Log an error when no mail gets through at all: once for each mail, and again when it is set aside."""
    Tally.objects.note(Happening.MAIL_FAILED if mail.next_try_at else Happening.MAIL_SET_ASIDE)
    if mail.next_try_at is None:
        reason = f"{mail.last_error}. {advice}".rstrip(" .")
        logger.error("Mail %d was set aside after %d attempt(s): %s.", mail.pk, mail.attempts, reason)
    else:
        when = mail.next_try_at.isoformat(sep=" ", timespec="seconds")
        level = logging.ERROR if stops and mail.attempts == 1 else logging.WARNING
        logger.log(level, "Mail %d is tried again at %s: %s. %s", mail.pk, when, mail.last_error, advice)


def _close(transport: BaseEmailBackend) -> None:
    try:
        transport.close()
    except OSError as error:  # a server that hangs up first; what it took it has
        logger.debug("The mail server did not say goodbye: %s.", type(error).__name__)
