"""A person's diary as one thing that one writer changes at a time."""

from django.db.models import Model
from django.http import Http404

from apps.accounts.models import User


class GoneError(Http404):
    """What was to be changed was deleted in the meantime. To a page this is a 404, which no view has to spell out."""


def lock_diary(owner: User) -> None:
    """Until the transaction ends, nobody else changes this diary. Every action that writes to one begins here.

    Two writers could otherwise each add one half of a cycle that neither sees, or wait for each other's rows.
    The lock is the owner's row (SQLite has one writer at a time anyway). Raises GoneError if the account was deleted
    in the meantime.
    """
    if not User.objects.select_for_update().filter(pk=owner.pk):
        raise GoneError


def refuse_gone(row: Model) -> None:
    """Under the lock: raises GoneError if the row was deleted since it was read, for saving would bring it back."""
    if row.pk is not None and not type(row)._base_manager.filter(pk=row.pk).exists():  # noqa: SLF001 -- Django's documented API
        raise GoneError
