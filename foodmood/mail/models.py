from datetime import datetime, timedelta
from email.utils import make_msgid, parseaddr
from typing import Self

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Who claims a mail has it for this long, and is done by then: each step of a delivery ends after EMAIL_TIMEOUT.
# If the process died, the mail is due again.
LEASE = timedelta(minutes=2)
LONGEST_WAIT = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=3)


class QueuedMailQuerySet(models.QuerySet["QueuedMail"]):
    def waiting(self) -> Self:
        return self.filter(next_try_at__isnull=False)

    def set_aside(self) -> Self:
        return self.filter(next_try_at__isnull=True)

    def due(self) -> Self:
        return self.filter(next_try_at__lte=timezone.now())

    def claim(self) -> "QueuedMail | None":
        """The mail that has been due for longest, from now on this process's alone; None when nothing is due.

        A claim moves the next try to the end of the lease, unless somebody moved it first. So neither lock nor
        transaction is held while a mail server takes its time: on SQLite it would stop every other writer.
        """
        while mail := self.due().order_by("next_try_at", "pk").first():
            seen, mail.next_try_at, mail.attempts = mail.next_try_at, timezone.now() + LEASE, mail.attempts + 1
            unmoved = self.filter(pk=mail.pk, next_try_at=seen)
            if unmoved.update(next_try_at=mail.next_try_at, attempts=mail.attempts):
                return mail
        return None


class QueuedMail(models.Model):
    """A mail on its way. Once sent it is deleted, and the links in it with it; what can't be sent is set aside."""

    # Fixed here, so that whoever receives a mail twice (see docs/adr/0009) can see that it is one.
    message_id = models.CharField(_("message ID"), max_length=255, unique=True)
    message = models.JSONField(_("message"))
    queued_at = models.DateTimeField(_("queued"), default=timezone.now)
    next_try_at = models.DateTimeField(_("next try"), null=True, default=timezone.now)  # None: set aside
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    last_error = models.CharField(_("last error"), max_length=100, blank=True)

    objects = QueuedMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("queued mail")
        verbose_name_plural = _("queued mails")
        indexes = [models.Index(fields=["next_try_at", "id"], name="mail_by_next_try")]

    def __str__(self) -> str:
        return f"mail {self.pk}"  # the admin's log keeps this, so it holds no address

    @classmethod
    def of(cls, email: EmailMessage) -> Self:
        """The row for a mail, unsaved. What can't be sent or kept is refused now: BadHeaderError, ValueError."""
        if email.attachments:
            raise ValueError("A queued mail carries no attachments.")
        # With the sender's domain: make_msgid would ask the network for this machine's name.
        domain = bare(email.from_email).rpartition("@")[2] or "localhost"
        message_id = email.extra_headers.setdefault("Message-ID", make_msgid(domain=domain))
        email.message()
        message = {
            "subject": str(email.subject),
            "body": str(email.body),
            "subtype": email.content_subtype,
            "alternatives": [[str(each[0]), each[1]] for each in getattr(email, "alternatives", [])],
            "from_email": email.from_email,
            "headers": {name: str(value) for name, value in email.extra_headers.items()},
        }
        message |= {field: [str(each) for each in getattr(email, field)] for field in ("to", "cc", "bcc", "reply_to")}
        return cls(message_id=message_id, message=message)

    @property
    def recipients(self) -> list[str]:
        return [*self.message["to"], *self.message["cc"], *self.message["bcc"]]

    def email(self) -> EmailMultiAlternatives | None:
        """The mail itself, without the addresses that no mail goes to any more; None when no other is left."""
        message = self.message.copy()
        subtype = message.pop("subtype")
        suppressed = Suppression.objects.among(self.recipients)
        for field in ("to", "cc", "bcc"):
            message[field] = [each for each in message[field] if bare(each) not in suppressed]
        email = EmailMultiAlternatives(**message)
        email.content_subtype = subtype
        return email if email.recipients() else None

    def postpone(self, error: str) -> None:
        """Try again later, and later each time; after three days no more."""
        now = timezone.now()
        wait = min(timedelta(minutes=2 ** min(self.attempts - 1, 10)), LONGEST_WAIT)
        self._tried(error, None if now - self.queued_at > GIVE_UP_AFTER else now + wait)

    def set_aside(self, error: str) -> None:
        self._tried(error, None)

    def _tried(self, error: str, next_try_at: datetime | None) -> None:
        self.last_error, self.next_try_at = error, next_try_at
        self.save(update_fields=["last_error", "next_try_at"])


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def among(self, addresses: list[str]) -> set[str]:
        """Those of the addresses, bare and in lower case, that no mail goes to."""
        return set(self.filter(address__in=map(bare, addresses)).values_list("address", flat=True))


class Suppression(models.Model):
    """An address that no mail goes to, because it does not exist or its owner complained of spam."""

    class Reason(models.TextChoices):
        BOUNCED = "bounced", _("does not take mail")
        COMPLAINED = "complained", _("called our mail spam")

    address = models.CharField(_("address"), max_length=320, unique=True)
    reason = models.CharField(_("reason"), max_length=16, choices=Reason.choices)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")

    def __str__(self) -> str:
        return f"suppressed address {self.pk}"  # as above


def bare(address: str) -> str:
    """`Alice <Alice@Example.org>` without name and case."""
    return parseaddr(address)[1].lower()
