from collections.abc import Sequence
from functools import partial

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from foodmood.mail.models import QueuedMail
from foodmood.schedules import run_soon


class QueueBackend(BaseEmailBackend):
    """EMAIL_BACKEND that writes mail down, with the transaction that causes it, for the worker to send.

    The worker is woken when that transaction is done. Should this fail, nothing is lost: it looks every minute.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        mails = [QueuedMail.of(email) for email in email_messages if email.recipients()]
        with transaction.atomic():
            QueuedMail.objects.bulk_create(mails)
            if mails:
                transaction.on_commit(partial(run_soon, "foodmood.mail.sending.send_due"), robust=True)
        return len(mails)
