from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from apps.accounts.diary import lock_diary
from apps.accounts.models import User
from apps.wellbeing.actions import refuse_gone_options, refuse_too_many_entries
from apps.wellbeing.models import Entry, Option


@transaction.atomic
def check_in(*, owner: User, recorded_at: datetime, options: Sequence[Option], notes: str = "") -> list[Entry]:
    """One entry for each option, all at one time. The notes stand with the first, so that they are read once.

    Raises OptionGoneError and QuotaError.
    """
    lock_diary(owner)
    refuse_gone_options(options)
    refuse_too_many_entries(owner, recorded_at, added=len(options))
    return Entry.objects.bulk_create(
        Entry(
            owner=owner,
            category_id=option.category_id,
            option=option,
            recorded_at=recorded_at,
            notes="" if place else notes,
        )
        for place, option in enumerate(options)
    )
