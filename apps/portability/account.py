"""What is kept about a person besides their diary, for them to see. Nothing in it lets anybody in."""

from collections.abc import Mapping
from datetime import date, time
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q

from apps.accounts.actions import KNOWN_BY_ADDRESS, addresses_of, by_address
from apps.accounts.models import User
from foodmood.rows import rows_of

OF_THE_PERSON = (
    "email",
    "time_zone",
    "language",
    "hour_format",
    "remind_at",
    "reminded_on",
    "consented_at",
    "consent_version",
    "date_joined",
    "last_login",
    "is_active",
    "is_staff",
    "is_superuser",
)

# Model → the keys by which its rows lead to the person, besides KNOWN_BY_ADDRESS, and which of its fields say something
# about them. Secrets stay out, and so do the links in mails.
ROWS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "account.EmailAddress": ("user", ("email", "verified", "primary")),
    "accounts.Invitation": ("invited_by accepted_by", ("email", "created_at", "expires_at")),
    "edibles.Alias": ("owner", ("edible__name", "key")),
    "wellbeing.CategoryAlias": ("owner", ("category__name", "key")),
    "wellbeing.OptionAlias": ("category__owner", ("category__name", "option__label", "key")),
    "admin.LogEntry": ("user", ("action_time", "action_flag", "content_type__model", "object_id")),
    "portability.Import": (
        "owner",
        ("format", "at", "file_name", "meals", "portions", "entries", "edibles", "categories", "updated", "recognised"),
    ),
    "submissions.Submission": ("owner", ("at", "led_to")),
    "mfa.Authenticator": ("user", ("type", "created_at", "last_used_at")),
    "usersessions.UserSession": ("user", ("user_agent", "ip", "created_at", "last_seen_at")),
    "audit.SecurityEvent": ("person", ("at", "event", "ip", "device", "detail")),
    "axes.AccessAttempt": ("", ("attempt_time", "user_agent", "ip_address", "failures_since_start")),
    "axes.AccessFailureLog": ("", ("attempt_time", "user_agent", "ip_address", "locked_out")),
    "axes.AccessLog": ("", ("attempt_time", "logout_time", "user_agent", "ip_address")),
    "mail.QueuedMail": ("", ("message__subject", "queued_at", "next_try_at", "attempts", "last_error")),
    "mail.Suppression": ("", ("address", "reason", "created_at")),
}

# As ROWS, but only how many there are: each says no more than which row of the diary an import brought.
COUNTED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "portability.ImportedRow": ("owner", ("origin__at", "kind", "added")),
}


def account_of(user: User) -> dict[str, Any]:
    account: dict[str, Any] = {name: _written(getattr(user, name)) for name in OF_THE_PERSON}
    addresses = addresses_of(user)
    for label, (keys, fields) in ROWS.items():
        if (rows := rows_of(label)) is not None:
            whose = [Q((key, user.pk)) for key in keys.split()]
            if label in KNOWN_BY_ADDRESS:
                whose.append(by_address(KNOWN_BY_ADDRESS[label], addresses))
            found = rows.filter(reduce(or_, whose)).order_by("pk").values(*fields)
            account[label] = [{name: _written(value) for name, value in row.items()} for row in found]
    for label, (path, fields) in COUNTED.items():
        if (rows := rows_of(label)) is not None:
            counts = rows.filter(**{path: user.pk}).order_by(*fields).values(*fields).annotate(rows=Count("pk"))
            account[label] = [{name: _written(value) for name, value in row.items()} for row in counts]
    return account


def _written(value: object) -> object:
    return value.isoformat() if isinstance(value, (date, time)) else value
