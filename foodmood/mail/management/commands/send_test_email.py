from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils import timezone

from foodmood.mail import mail_is_sent
from foodmood.mail.failures import judge, mend
from foodmood.mail.models import QueuedMail, Suppression


class Command(BaseCommand):
    help = "Send a mail to this address at once, past the queue, and say whether the provider took it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address")

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        self._refuse_early(address)
        way = settings.MAIL_TRANSPORT.split(".")[-2]
        if way == "smtp":
            way = f"smtp at {settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
        mail = EmailMessage(
            "FoodMood can send mail",
            "Somebody who runs FoodMood asked for this mail, to see whether mail arrives. It does.\n",
            to=[address],
            connection=get_connection(settings.MAIL_TRANSPORT),
        )
        try:
            mail.send()
        except Exception as error:  # noqa: BLE001 -- whatever it is, an operator wants its mend, not a traceback
            detail = str(error).strip() or "no more is known"
            raise CommandError(f"Not sent by {way}. {mend(error)}\n({judge(error).summary}: {detail})") from None
        self.stdout.write(
            f"Sent by {way}, from {settings.DEFAULT_FROM_EMAIL}. Is it in the inbox, and not among the spam?"
        )
        self._report_queue()

    def _refuse_early(self, address: str) -> None:
        try:
            validate_email(address)
        except ValidationError:
            raise CommandError(f"{address!r} is no e-mail address.") from None
        if not mail_is_sent():
            raise CommandError(
                "This site sends no mail. Set EMAIL_URL, or EMAIL_PROVIDER and its key: docs/deploying.md."
            )
        if Suppression.objects.among([address]):
            self.stderr.write(
                "Mail of the site does not go to this address any more: it bounced, or its owner complained."
            )

    def _report_queue(self) -> None:
        waiting = QueuedMail.objects.waiting()
        oldest = waiting.order_by("queued_at").first()
        if oldest:
            minutes = (timezone.now() - oldest.queued_at).total_seconds() // 60
            self.stdout.write(
                f"{waiting.count()} other mail(s) wait, one for {minutes:.0f} minutes."
                " The worker sends them (manage.py qcluster): does it run?"
            )
