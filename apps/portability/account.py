"""What is kept about a person besides their diary, for them to see. Nothing in it lets anybody in."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from django.db.models import Q

from apps.accounts.actions import KNOWN_BY_ADDRESS, by_address
from apps.accounts.models import User
from foodmood.rows import rows_of

OF_THE_PERSON = (
    "email",
    "time_zone",
    "language",
    "hour_format",
    "remind_at",
    "date_joined",
    "last_login",
    "is_staff",
    "is_superuser",
)

# Model → how its rows lead to the person, and which of its fields say something about them. Secrets stay out.
ROWS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "account.EmailAddress": ("user", ("email", "verified", "primary")),
    "accounts.Invitation": ("invited_by", ("email", "created_at", "expires_at")),
    "edibles.Alias": ("owner", ("edible__name", "key")),
    "wellbeing.CategoryAlias": ("owner", ("category__name", "key")),
    "wellbeing.OptionAlias": ("category__owner", ("category__name", "option__label", "key")),
    "admin.LogEntry": ("user", ("action_time", "action_flag", "content_type__model", "object_id")),
    "submissions.Submission": ("owner", ("at", "led_to")),
    "mfa.Authenticator": ("user", ("type", "created_at", "last_used_at")),
    "usersessions.UserSession": ("user", ("user_agent", "ip", "created_at", "last_seen_at")),
    "audit.SecurityEvent": ("person", ("at", "event", "ip", "device", "detail")),
    "axes.AccessAttempt": ("username", ("attempt_time", "user_agent", "ip_address", "failures_since_start")),
}


def account_of(user: User) -> dict[str, Any]:
    account: dict[str, Any] = {name: _written(getattr(user, name)) for name in OF_THE_PERSON}
    for label, (path, fields) in ROWS.items():
        if (rows := rows_of(label)) is not None:
            whose = by_address(path, [user.email]) if path == KNOWN_BY_ADDRESS.get(label) else Q((path, user.pk))
            found = rows.filter(whose).order_by("pk").values(*fields)
            account[label] = [{name: _written(value) for name, value in row.items()} for row in found]
    return account


def _written(value: object) -> object:
    return value.isoformat() if isinstance(value, (datetime, time)) else value
