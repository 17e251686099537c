import json
from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import models, transaction

from apps.accounts.diary import lock_diary
from apps.accounts.models import User
from foodmood.mail import mail_is_sent

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
    sessions = [session.pk for session in _sessions_of(user)]  # read before the lock: it takes a look at every one
    with transaction.atomic():
        lock_diary(user)
        pk, addresses = user.pk, _addresses(user)
        Session.objects.filter(pk__in=sessions).delete()
        for model in apps.get_models():
            if field := KNOWN_BY_ADDRESS.get(model._meta.label):  # noqa: SLF001 -- Django's documented API
                model._default_manager.filter(by_address(field, addresses)).delete()  # noqa: SLF001 -- as above
        # What an operator did stays on record, but no longer to whom.
        LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(User), object_id=str(pk)).update(
            object_id=None, object_repr="", change_message=""
        )
        _delete_leaves(user)
        user.delete()
        if farewell and mail_is_sent():
            get_adapter().send_mail("account/email/account_deleted", user.email, {"user": user})


def by_address(field: str, addresses: Iterable[str]) -> models.Q:
    """Whether the field holds one of the addresses, alone or with something after a space: axes counts by device, too."""
    matches = (models.Q((field, each)) | models.Q((f"{field}__startswith", f"{each} ")) for each in addresses)
    return reduce(or_, matches)


def _delete_leaves(user: User) -> None:
    """What nothing refers to, in one statement for each table: by far the most rows of a diary.

    The deletion of the user would cascade to them as well, but load them one by one, and ask of each edible and each
    option whether it is still in use.
    """
    for relation in User._meta.get_fields(include_hidden=True):  # noqa: SLF001 -- Django's documented API
        if not isinstance(relation, models.ManyToOneRel) or relation.on_delete is not models.CASCADE:
            continue
        related = relation.related_model
        if not any(field.auto_created and not field.concrete for field in related._meta.get_fields(include_hidden=True)):  # noqa: SLF001 -- as above
            related._base_manager.filter(**{relation.field.name: user}).delete()  # noqa: SLF001 -- as above


def _addresses(user: User) -> set[str]:
    return {user.email, *EmailAddress.objects.filter(user=user).values_list("email", flat=True)}


def _sessions_of(user: User) -> Iterator[Session]:
    """On every device, and those begun by somebody who was about to log in as this person."""
    addresses = [json.dumps(address) for address in _addresses(user)]
    for session in Session.objects.iterator():
        data = session.get_decoded()
        text = json.dumps(data)
        if data.get(SESSION_KEY) == str(user.pk) or any(address in text for address in addresses):
            yield session
