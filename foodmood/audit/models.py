"""What happened to accounts, and what operators did: kept to find out what an intruder did."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foodmood.audit.requests import address, browser


class Event(models.TextChoices):
    LOGGED_IN = "logged_in", _("Logged in")
    LOGGED_OUT = "logged_out", _("Logged out")
    LOGIN_FAILED = "login_failed", _("A log-in failed")
    LOCKED_OUT = "locked_out", _("Locked out after too many failed log-ins")
    SECOND_FACTOR_FAILED = "second_factor_failed", _("A second factor was wrong")
    SIGNED_UP = "signed_up", _("Signed up")
    PASSWORD_CHANGED = "password_changed", _("Password changed")
    PASSWORD_RESET = "password_reset", _("Password reset by mail")
    EMAIL_ADDED = "email_added", _("E-mail address added")
    EMAIL_CONFIRMED = "email_confirmed", _("E-mail address confirmed")
    EMAIL_REMOVED = "email_removed", _("E-mail address removed")
    EMAIL_CHANGED = "email_changed", _("E-mail address changed")
    SECOND_FACTOR_ADDED = "second_factor_added", _("Second factor added")
    SECOND_FACTOR_REMOVED = "second_factor_removed", _("Second factor removed")
    SECOND_FACTOR_RENEWED = "second_factor_renewed", _("New recovery codes")
    RIGHTS_CHANGED = "rights_changed", _("Rights changed")
    ACCOUNT_DELETED = "account_deleted", _("Account deleted")
    EXPORTED = "exported", _("Downloaded the diary")
    IMPORTED = "imported", _("Imported a file")
    INVITED = "invited", _("Invited somebody")
    UNLOCKED = "unlocked", _("Failed log-ins forgotten")
    DIARY_OPENED = "diary_opened", _("Your diary was opened")
    DIARY_CHANGED = "diary_changed", _("Your diary was changed")
    ENROLMENT_ALLOWED = "enrolment_allowed", _("A first second factor was allowed")
    ADMIN_OPENED = "admin_opened", _("Opened a row in the administration")
    ADMIN_SENT = "admin_sent", _("Sent a form in the administration")


SERVER = "server"  # the detail of what an operator did on the command line: no request says who it was


class SecurityEventQuerySet(models.QuerySet["SecurityEvent"]):
    def of_unknown_addresses(self) -> "SecurityEventQuerySet":
        """Guesses at addresses that have no account."""
        return self.filter(person=None, event__in=[Event.LOGIN_FAILED, Event.LOCKED_OUT])

    def recent(self) -> int:
        """How many there were in the last hour."""
        return self.filter(at__gt=timezone.now() - timedelta(hours=1)).count()


class SecurityEvent(models.Model):
    """One line of the trail. It is written once, and names people by number, never by address.

    The number is no foreign key: the trail outlives an account that an intruder deletes.
    """

    at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)
    event = models.CharField(_("what"), max_length=32, choices=Event.choices)
    person = models.BigIntegerField(_("number of the person"), null=True)
    by = models.BigIntegerField(_("number of who did it"), null=True)
    ip = models.GenericIPAddressField(_("from where"), null=True)
    device = models.CharField(_("with what"), max_length=200, blank=True)
    detail = models.CharField(_("detail"), max_length=200, blank=True)

    objects = SecurityEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("security event")
        verbose_name_plural = _("security events")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["person", "-at"], name="security_events_of_person")]

    def __str__(self) -> str:
        return str(self.pk)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A security event is written once.")
        super().save(*args, **kwargs)


def record(event: Event, *, request: HttpRequest | None, person: int | None, detail: str = "") -> None:
    """Write down what happened to `person`, and who did it if it was somebody else who is signed in.

    `detail` is for names of ours and for numbers: no address, no text that somebody typed.
    """
    user = getattr(request, "user", None)
    SecurityEvent.objects.create(
        event=event,
        person=person,
        by=user.pk if user is not None and user.pk != person else None,
        ip=address(request) if request else None,
        device=browser(request) if request else "",
        detail=detail[: SecurityEvent._meta.get_field("detail").max_length],  # noqa: SLF001 -- Django's documented API
    )
