"""Nothing is kept for longer than docs/privacy.md says. The worker calls `purge` every day."""

from collections.abc import Iterator
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone

from apps.accounts.actions import delete_account
from apps.accounts.models import User
from foodmood.audit.models import SecurityEvent
from foodmood.rows import rows_of

# Rows that go when the moment in this field is this long ago: model, field, and the name in settings.RETENTION.
AGEING = (
    ("axes.AccessAttempt", "attempt_time", "log_in_attempts"),
    ("axes.AccessFailureLog", "attempt_time", "log_in_attempts"),
    ("axes.AccessLog", "attempt_time", "log_in_attempts"),
    ("accounts.Invitation", "expires_at", "invitations"),
    ("admin.LogEntry", "action_time", "admin_log"),
    ("audit.SecurityEvent", "at", "security_events"),
    ("django_q.Task", "stopped", "task_results"),
    ("submissions.Submission", "at", "submissions"),
    ("tasks.SetAside", "last_at", "tasks"),
)


def purge() -> dict[str, int]:
    """Delete what was kept for long enough. Returns how many of what."""
    return dict(_purged())


def _purged() -> Iterator[tuple[str, int]]:
    now = timezone.now()
    yield "expired sessions", Session.objects.filter(expire_date__lt=now).delete()[0]
    # A session that ended in any way takes its place in the list of devices with it.
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    yield "devices logged out", UserSession.objects.filter(~Exists(alive)).delete()[0]
    yield "expired cache entries", _purge_cache()
    for label, field, name in AGEING:
        if (rows := rows_of(label)) is not None:
            yield label, rows.filter(**{f"{field}__lt": now - settings.RETENTION[name]}).delete()[0]
    long_ago = now - settings.RETENTION["unknown_log_ins"]
    unknown = SecurityEvent.objects.of_unknown_addresses()
    yield "failed log-ins of unknown addresses", unknown.filter(at__lt=long_ago).delete()[0]
    yield "accounts never confirmed", _purge_unconfirmed(settings.RETENTION["unconfirmed_accounts"])


def _purge_unconfirmed(kept: timedelta) -> int:
    """Signed up, but the address was never confirmed, nobody ever logged in, and nothing was brought in either."""
    addresses = EmailAddress.objects.filter(user=OuterRef("pk"))
    users = User.objects.filter(
        Exists(addresses),
        ~Exists(addresses.filter(verified=True)),
        date_joined__lt=timezone.now() - kept,
        last_login=None,
        is_staff=False,
        meals=None,
        entries=None,
    )
    for user in users:
        delete_account(user, farewell=False)  # whose address it is, nobody knows
    return len(users)


def _purge_cache() -> int:
    """Django's cache in the database deletes what expired only when it is full."""
    cache = caches["default"]
    if not isinstance(cache, DatabaseCache):
        return 0
    table = connection.ops.quote_name(cache._table)  # type: ignore[attr-defined]  # noqa: SLF001 -- no other way to its table
    now = connection.ops.adapt_datetimefield_value(timezone.now().replace(microsecond=0))  # as the cache compares
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [now])  # noqa: S608 -- a name from our settings
        return int(cursor.rowcount)
