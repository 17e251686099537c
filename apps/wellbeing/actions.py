from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import RestrictedError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.accounts.diary import lock_diary, refuse_gone
from apps.accounts.models import User
from apps.accounts.quotas import quoted, refuse_over_quota
from apps.wellbeing.models import VALUE_LIMIT, Category, Entry, Option
from foodmood.days import day_bounds
from foodmood.names import fold


class CategoryNameTakenError(ValueError):
    """The owner has a category of this name already."""


class OptionInUseError(ValueError):
    """An entry uses the option; the message names it."""


class OptionGoneError(ValueError):
    """The option was deleted in the meantime; the message names it."""


class CategoryInUseError(ValueError):
    """The category has entries: it is archived, not deleted."""


@dataclass(frozen=True)
class Step:
    """An option as somebody wants it; without a pk it is a new one."""

    pk: int | None
    label: str
    value: int
    color: str
    order: int


@transaction.atomic
def save_category(*, category: Category, steps: Iterable[Step], removed: Collection[int] = ()) -> Category:
    """Writes the category and these steps of its scale, and takes the removed ones out, all or nothing.

    Steps that are not mentioned stay as they are, and an archived category stays archived.
    Raises CategoryNameTakenError, OptionInUseError, OptionGoneError, QuotaError and GoneError.
    """
    lock_diary(category.owner)
    refuse_gone(category)
    if category.pk:
        category.refresh_from_db(fields=["is_active"])
    else:
        refuse_over_quota("categories", category.owner.categories.count() + 1)
        _refuse_too_many_active(category.owner, added=int(category.is_active))
    if category.owner.categories.filter(key=fold(category.name)).exclude(pk=category.pk).exists():
        raise CategoryNameTakenError
    category.save()
    steps = list(steps)
    _refuse_too_many_steps(category, steps, removed)
    for option in category.options.filter(pk__in=removed):
        _delete_option(option)
    _write_steps(category, steps)
    return category


@transaction.atomic
def set_active(*, category: Category, is_active: bool) -> None:
    """Archives the category or brings it back. Raises QuotaError and GoneError."""
    lock_diary(category.owner)
    refuse_gone(category)
    category.refresh_from_db(fields=["is_active"])
    if is_active and not category.is_active:
        _refuse_too_many_active(category.owner, added=1)
    category.is_active = is_active
    category.save(update_fields=["is_active"])


@transaction.atomic
def delete_category(*, category: Category) -> None:
    """Raises CategoryInUseError."""
    lock_diary(category.owner)
    try:
        category.delete()
    except RestrictedError as error:
        raise CategoryInUseError from error


@transaction.atomic
def save_entry(*, entry: Entry) -> None:
    """Raises OptionGoneError, QuotaError and GoneError."""
    lock_diary(entry.owner)
    refuse_gone(entry)
    refuse_gone_options([entry.option])
    refuse_too_many_entries(entry.owner, entry.recorded_at, moved=entry)
    entry.save()


@transaction.atomic
def delete_entry(*, entry: Entry) -> None:
    lock_diary(entry.owner)
    entry.delete()


def refuse_too_many_entries(owner: User, recorded_at: datetime, *, added: int = 0, moved: Entry | None = None) -> None:
    """Under the lock: raises QuotaError if the diary or that day cannot have. An entry may move within its day."""
    if added:
        refuse_over_quota("entries", owner.entries.count() + added)
    day = recorded_at.astimezone(owner.zone).date()
    start, end = day_bounds(day, owner.zone)
    of_day = owner.entries.filter(recorded_at__gte=start, recorded_at__lt=end)
    if moved is None or not of_day.filter(pk=moved.pk).exists():
        refuse_over_quota("entries_of_day", of_day.count() + (added or 1), name=date_format(day))


def _refuse_too_many_active(owner: User, *, added: int) -> None:
    if added:
        refuse_over_quota("active_categories", owner.categories.active().count() + added)


def _refuse_too_many_steps(category: Category, steps: Collection[Step], removed: Collection[int]) -> None:
    before = category.options.count()
    count = before - len(removed) + sum(not step.pk for step in steps)
    refuse_over_quota("steps_of_category", count, before=before, name=quoted(category.name))


def refuse_gone_options(options: Collection[Option]) -> None:
    """Under the lock: raises OptionGoneError for the first that was deleted since it was read."""
    present = Option.objects.in_bulk([option.pk for option in options])
    for option in options:
        if option.pk not in present:
            raise OptionGoneError(option_gone(option.label))


def _delete_option(option: Option) -> None:
    try:
        option.delete()
    except RestrictedError as error:
        raise OptionInUseError(option_in_use(option.label)) from error


def option_in_use(label: str) -> str:
    return _("“%(label)s” stays, because entries of yours use it. Rename it instead.") % {"label": label}


def option_gone(label: str) -> str:
    return _("“%(label)s” is gone meanwhile. Choose again.") % {"label": label}


def _write_steps(category: Category, steps: list[Step]) -> None:
    """Two steps may swap their values or labels, which are unique at every moment: so all step aside first."""
    present = {option.pk: option for option in category.options.all()}
    for step in steps:
        if step.pk and step.pk not in present:
            raise OptionGoneError(option_gone(step.label))
    changed = [step for step in steps if not step.pk or step != _as_step(present[step.pk])]
    changing = [present[step.pk] for step in changed if step.pk]
    free = _free_values({option.value for option in present.values()} | {step.value for step in steps})
    for option, value in zip(changing, free, strict=False):
        category.options.filter(pk=option.pk).update(
            value=value, key=f"ASIDE {option.pk}"
        )  # no folded label has capitals
    for step in changed:
        option = present.get(step.pk or 0, Option(category=category))
        option.label, option.value, option.color, option.order = step.label, step.value, step.color, step.order
        option.save()


def _as_step(option: Option) -> Step:
    return Step(option.pk, option.label, option.value, option.color, option.order)


def _free_values(taken: set[int]) -> Iterator[int]:
    return (value for value in range(-VALUE_LIMIT, VALUE_LIMIT + 1) if value not in taken)
