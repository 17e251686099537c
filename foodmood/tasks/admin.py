from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from foodmood.admin import ForSuperusers
from foodmood.tasks.brokers import QueueUnavailableError, broker
from foodmood.tasks.models import SetAside


@admin.register(SetAside)
class SetAsideAdmin(ForSuperusers):
    """What no worker could do; never with what it was given, which may be somebody's. Tracebacks: failed tasks."""

    list_display = ["id", "func", "attempts", "times", "last_error", "first_at", "last_at"]
    ordering = ["-last_at"]
    fields = ["func", "attempts", "times", "last_error", "first_at", "last_at"]
    actions: Any = ("try_again",)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return self.has_view_permission(request)

    @admin.action(description=_("Try the selected tasks again"), permissions=["delete"])
    def try_again(self, request: HttpRequest, queryset: "QuerySet[SetAside]") -> None:
        number = 0
        for row in queryset:
            try:
                broker().enqueue(row.fresh())
            except QueueUnavailableError:
                self.message_user(request, _("Redis does not answer: try again when it does."), messages.ERROR)
                break
            row.delete()
            number += 1
        note = ngettext("%(number)d task is tried again.", "%(number)d tasks are tried again.", number)
        self.message_user(request, note % {"number": number}, messages.SUCCESS)
