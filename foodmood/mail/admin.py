from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from foodmood.admin import ForSuperusers
from foodmood.mail.models import QueuedMail, Suppression


class MailAdmin(ForSuperusers):
    """Who writes to whom is the business of few. Rows are looked at and deleted, never written here."""

    actions: Any = ()

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return self.has_view_permission(request)


class SetAside(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, object]]:  # type: ignore[override] # lazy text is a text to Django
        return [("waiting", _("waiting")), ("aside", _("set aside"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[QueuedMail]") -> "QuerySet[QueuedMail]":
        if self.value() in {"waiting", "aside"}:
            return queryset.filter(next_try_at__isnull=self.value() == "aside")
        return queryset


@admin.register(QueuedMail)
class QueuedMailAdmin(MailAdmin):
    """What waits and what was set aside; never the text, which may hold a link that opens an account."""

    list_display = ["id", "queued_at", "attempts", "next_try_at", "last_error"]
    list_filter = [SetAside]
    ordering = ["-queued_at"]
    fields = ["message_id", "to", "queued_at", "attempts", "next_try_at", "last_error"]
    readonly_fields = ["to"]
    actions = ["try_again"]

    @admin.display(description=_("to"))
    def to(self, mail: QueuedMail) -> str:
        return ", ".join(mail.recipients)

    @admin.action(description=_("Try to send the selected mails again"), permissions=["delete"])
    def try_again(self, request: HttpRequest, queryset: "QuerySet[QueuedMail]") -> None:
        number = queryset.update(next_try_at=timezone.now(), queued_at=timezone.now(), attempts=0)
        note = ngettext(
            "%(number)d mail is sent within a minute.", "%(number)d mails are sent within a minute.", number
        )
        self.message_user(request, note % {"number": number}, messages.SUCCESS)


@admin.register(Suppression)
class SuppressionAdmin(MailAdmin):
    """Deleting a row lets mail go to that address again."""

    list_display = ["address", "reason", "created_at"]
    list_filter = ["reason"]
    search_fields = ["address"]
    ordering = ["-created_at"]
