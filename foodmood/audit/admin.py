from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from foodmood.audit.models import SecurityEvent


class TrailAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """For superusers to read. Nobody changes it, nobody tidies it up."""

    actions = None
    show_full_result_count = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    has_module_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_delete_permission = has_change_permission


@admin.register(SecurityEvent)
class SecurityEventAdmin(TrailAdmin):
    list_display = ["at", "event", "person", "by", "ip", "detail", "device"]
    list_filter = ["event", "at"]
    search_fields = ["=person", "=by", "=ip"]
    search_help_text = _("A person’s number (the address of their page has it), or an IP address")


@admin.register(LogEntry)
class LogEntryAdmin(TrailAdmin):
    list_display = ["action_time", "user_id", "content_type", "object_id", "action_flag"]
    list_filter = ["action_flag", "content_type", "action_time"]
    list_select_related = ["content_type"]
    search_fields = ["=user__id", "=object_id"]
