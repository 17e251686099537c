from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import models, transaction

from apps.accounts.diary import lock_diary
from apps.accounts.models import User
from apps.accounts.operators import by_operator
from foodmood.database import take_time
from foodmood.mail import mail_is_sent
from foodmood.rows import rows_of

# Rows that know a person by an e-mail address, where no foreign key leads: model and field.
KNOWN_BY_ADDRESS = {
    "accounts.Invitation": "email",
    "axes.AccessAttempt": "username",
    "axes.AccessFailureLog": "username",
    "axes.AccessLog": "username",
    "mail.QueuedMail": "message__to__0",
    "mail.Suppression": "address",
}


def delete_account(user: User, *, farewell: bool = True) -> None:
    """All that is kept about the person, gone at once or not at all; then the mail that says so, if they want one.

    Raises GoneError if it was deleted in the meantime. Backups hold it for as long as RETENTION says.
    """
    with transaction.atomic():
        take_time()
        lock_diary(user)
        pk, addresses, operator = user.pk, addresses_of(user), by_operator(user)
        devices = UserSession.objects.filter(user=user)
        Session.objects.filter(pk__in=list(devices.values_list("session_key", flat=True))).delete()
        for label, field in KNOWN_BY_ADDRESS.items():
            if (rows := rows_of(label)) is not None:
                rows.filter(by_address(field, addresses)).delete()
        # What an operator did stays on record, but no longer to whom.
        LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(User), object_id=str(pk)).update(
            object_id=None, object_repr="", change_message=""
        )
        _delete_leaves(user)
        user.delete()
        if farewell and mail_is_sent():
            get_adapter().send_mail(
                "account/email/account_deleted", user.email, {"user": user, "by_operator": operator}
            )


def by_address(field: str, addresses: Iterable[str]) -> models.Q:
    """Whether the field holds one of the addresses, alone or before a space: axes counts each device apart."""
    matches = (models.Q((field, each)) | models.Q((f"{field}__startswith", f"{each} ")) for each in addresses)
    return reduce(or_, matches)


def _delete_leaves(user: User) -> None:
    """What nothing refers to, in one statement for each table: by far the most rows of a diary.

    The deletion of the user would cascade to them as well, but load them one by one, and ask of each edible and each
    option whether it is still in use.
    """
    for relation in _pointing_at(User):
        if relation.on_delete is models.CASCADE and not _pointing_at(relation.related_model):
            leaves = relation.related_model._base_manager  # noqa: SLF001 -- Django's documented API
            leaves.filter(**{relation.field.name: user}).delete()


def _pointing_at(model: type[models.Model]) -> list[Any]:
    """The foreign keys that lead to a model, seen from there."""
    fields = model._meta.get_fields(include_hidden=True)  # noqa: SLF001 -- as above
    return [field for field in fields if isinstance(field, models.ManyToOneRel)]


def addresses_of(user: User) -> set[str]:
    """Not those that they never verified: what is known by such a one may be somebody else's, an invitation even."""
    return {user.email, *EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)}
