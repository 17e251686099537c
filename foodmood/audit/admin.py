from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.utils.translation import gettext_lazy as _
from django_q.models import Failure

from foodmood.admin import ForSuperusers
from foodmood.audit.models import SecurityEvent


@admin.register(SecurityEvent)
class SecurityEventAdmin(ForSuperusers):
    list_display = ["at", "event", "person", "by", "ip", "detail", "device"]
    list_filter = ["event", "at"]
    search_fields = ["=person", "=by", "=ip"]
    search_help_text = _("A person’s number (the address of their page has it), or an IP address")


@admin.register(LogEntry)
class LogEntryAdmin(ForSuperusers):
    list_display = ["action_time", "user_id", "content_type", "object_id", "action_flag"]
    list_filter = ["action_flag", "content_type", "action_time"]
    list_select_related = ["content_type"]
    search_fields = ["=user__id", "=object_id"]


@admin.register(Failure)
class FailureAdmin(ForSuperusers):
    """What the worker could not do, with its traceback. What it does and when is a setting: SCHEDULES."""

    list_display = ["stopped", "name", "func", "attempt_count"]
    fields = ["name", "func", "started", "stopped", "attempt_count", "result"]
