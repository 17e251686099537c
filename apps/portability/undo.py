"""Undoing an import: what it added goes, unless the person changed it or uses it elsewhere."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.diary import lock_diary, refuse_gone
from apps.edibles.models import Ingredient
from apps.meals.models import Portion
from apps.portability.exports import archived_category
from apps.portability.models import Import, ImportedRow
from apps.portability.provenance import (
    BATCH,
    said_of_category,
    written_edible,
    written_entry,
    written_meal,
    written_portion,
)
from apps.wellbeing.models import Category, Entry
from foodmood.database import take_time

Kind = ImportedRow.Kind


@dataclass(frozen=True, slots=True)
class Stays:
    name: str
    reason: str


@dataclass
class UndoPlan:
    """The numbers of the rows that go, and what stays with its reason."""

    portions: set[int] = field(default_factory=set)
    meals: set[int] = field(default_factory=set)
    entries: set[int] = field(default_factory=set)
    edibles: set[int] = field(default_factory=set)
    categories: set[int] = field(default_factory=set)
    stays: list[Stays] = field(default_factory=list)
    remembered: set[int] = field(default_factory=set)  # ImportedRows of what stays

    def described(self) -> list[str]:
        """What goes, each kind with its number; kinds of which there are none are left out."""
        meals, portions, entries = len(self.meals), len(self.portions), len(self.entries)
        edibles, categories = len(self.edibles), len(self.categories)
        counted = (
            (meals, ngettext("%(n)d meal", "%(n)d meals", meals)),
            (portions, ngettext("%(n)d portion", "%(n)d portions", portions)),
            (entries, ngettext("%(n)d entry", "%(n)d entries", entries)),
            (edibles, ngettext("%(n)d edible", "%(n)d edibles", edibles)),
            (categories, ngettext("%(n)d category", "%(n)d categories", categories)),
        )
        return [text % {"n": n} for n, text in counted if n]

    def keep(self, record: "_Record", name: str, reason: str) -> None:
        self.stays.append(Stays(name, reason))
        self.remembered.add(record.pk)


@dataclass(frozen=True, slots=True)
class _Record:
    pk: int
    written: str


@transaction.atomic
def undo_import(imported: Import) -> UndoPlan:
    """Removes what the import added, all of it that can go or nothing. Returns what went and what stays.

    What stays is still known to come from it, so that the same file does not add it again. Raises GoneError.
    """
    take_time()
    lock_diary(imported.owner)
    refuse_gone(imported)
    plan = plan_undo(imported)
    _delete(Portion.objects.filter(owner=imported.owner), plan.portions)
    _delete(imported.owner.meals.all(), plan.meals)
    _delete(imported.owner.entries.all(), plan.entries)
    _delete(imported.owner.categories.all(), plan.categories)
    _delete(imported.owner.edibles.all(), plan.edibles)
    _delete(ImportedRow.objects.filter(owner=imported.owner), _recognised_elsewhere(plan, imported))
    if not plan.remembered:
        imported.delete()
        return plan
    gone = set(imported.rows.filter(added=True).values_list("pk", flat=True)) - plan.remembered
    _delete(imported.rows.all(), gone)
    imported.undone_at = timezone.now()
    imported.save(update_fields=["undone_at"])
    return plan


def _recognised_elsewhere(plan: UndoPlan, imported: Import) -> list[int]:
    """What other imports remember of the rows that go. Otherwise they would take them for deleted by the person."""
    gone = {
        Kind.PORTION.value: plan.portions,
        Kind.MEAL.value: plan.meals,
        Kind.ENTRY.value: plan.entries,
        Kind.EDIBLE.value: plan.edibles,
        Kind.CATEGORY.value: plan.categories,
    }
    others = ImportedRow.objects.filter(owner=imported.owner).exclude(origin=imported).order_by()
    return [pk for pk, kind, row in others.values_list("pk", "kind", "row").iterator() if row in gone[kind]]


def _delete(rows: "QuerySet[Model]", numbers: Iterable[int]) -> None:
    left = iter(sorted(numbers))
    while batch := list(islice(left, BATCH)):
        rows.filter(pk__in=batch).delete()


def plan_undo(imported: Import) -> UndoPlan:
    """Reads only. The number of queries does not depend on the size of the import."""
    plan = UndoPlan()
    _plan_meals(plan, imported)
    _plan_entries(plan, imported)
    _plan_edibles(plan, imported)
    return plan


def _added(imported: Import, kind: str) -> "QuerySet[ImportedRow]":
    return imported.rows.filter(kind=kind, added=True).order_by()


def _records(imported: Import, kind: str) -> dict[int, _Record]:
    rows = _added(imported, kind).values_list("row", "pk", "written")
    return {row: _Record(pk, written) for row, pk, written in rows.iterator()}


def _when(moment: datetime, imported: Import) -> str:
    return date_format(moment.astimezone(imported.owner.zone), "SHORT_DATETIME_FORMAT")


def _plan_meals(plan: UndoPlan, imported: Import) -> None:
    """A meal that the person changed stays with everything in it."""
    meals, portions = _records(imported, Kind.MEAL), _records(imported, Kind.PORTION)
    rows = imported.owner.meals.filter(pk__in=_added(imported, Kind.MEAL).values("row")).order_by()
    changed, untouched = set(), {}
    for meal in rows.iterator():
        name = f"{meal.title or meal.get_category_display()}, {_when(meal.eaten_at, imported)}"
        if meals[meal.pk].written != written_meal(meal.category, meal.eaten_at, meal.title, meal.notes):
            changed.add(meal.pk)
            plan.keep(meals[meal.pk], name, _("you changed it"))
        else:
            untouched[meal.pk] = name
    going: Counter[int] = Counter()
    own = Portion.objects.filter(owner=imported.owner).order_by()
    names = dict(imported.owner.edibles.values_list("pk", "name"))
    mine = own.filter(pk__in=_added(imported, Kind.PORTION).values("row"))
    for pk, meal_id, edible, amount, unit in mine.values_list("pk", "meal", "edible", "amount", "unit").iterator():
        record = portions[pk]
        if meal_id in changed:
            plan.remembered.add(record.pk)
        elif record.written != written_portion(edible, amount, unit):
            plan.keep(record, names[edible], _("you changed it"))
        else:
            plan.portions.add(pk)
            going[meal_id] += 1
    inside = Counter(own.filter(meal__in=_added(imported, Kind.MEAL).values("row")).values_list("meal", flat=True))
    for pk, name in untouched.items():
        if inside[pk] == going[pk]:
            plan.meals.add(pk)
        else:
            plan.keep(meals[pk], name, _("something else is in it"))


def _plan_entries(plan: UndoPlan, imported: Import) -> None:
    records = _records(imported, Kind.ENTRY)
    names = dict(imported.owner.categories.values_list("pk", "name"))
    rows = imported.owner.entries.filter(pk__in=_added(imported, Kind.ENTRY).values("row")).order_by()
    columns = ("pk", "category", "option", "recorded_at", "notes")
    for pk, category, option, recorded_at, notes in rows.values_list(*columns).iterator():
        if records[pk].written == written_entry(category, option, recorded_at, notes):
            plan.entries.add(pk)
        else:
            plan.keep(records[pk], f"{names[category]}, {_when(recorded_at, imported)}", _("you changed it"))
    _plan_categories(plan, imported)


def _plan_categories(plan: UndoPlan, imported: Import) -> None:
    records = _records(imported, Kind.CATEGORY)
    added = imported.owner.categories.with_options().filter(pk__in=list(records))
    entries = Entry.objects.filter(owner=imported.owner, category__in=list(records)).order_by()
    used = {category for pk, category in entries.values_list("pk", "category").iterator() if pk not in plan.entries}
    for category in added:
        record = records[category.pk]
        if category.pk in used:
            plan.keep(record, category.name, _("you use it elsewhere"))
        elif _is_changed(category, record):
            plan.keep(record, category.name, _("you changed it"))
        else:
            plan.categories.add(category.pk)


def _is_changed(category: Category, record: _Record) -> bool:
    return said_of_category(archived_category(category)) != record.written


def _plan_edibles(plan: UndoPlan, imported: Import) -> None:
    records = _records(imported, Kind.EDIBLE)
    if not records:
        return
    portions = Portion.objects.filter(owner=imported.owner).order_by().values_list("pk", "edible")
    used = {edible for pk, edible in portions.iterator() if pk not in plan.portions}
    inside: dict[int, list[int]] = {}
    for container, edible in Ingredient.objects.filter(owner=imported.owner).values_list("container", "edible"):
        inside.setdefault(container, []).append(edible)
    present = imported.owner.edibles.filter(pk__in=_added(imported, Kind.EDIBLE).values("row"))
    names, changed = {}, set()
    for pk, name, notes in present.values_list("pk", "name", "notes").iterator():
        names[pk] = name
        if records[pk].written != written_edible(name, notes, inside.get(pk, ())):
            changed.add(pk)
    plan.edibles = _unused(names.keys() - used - changed, inside)
    for pk in names.keys() - plan.edibles:
        reason = _("you changed it") if pk in changed else _("you use it elsewhere")
        plan.keep(records[pk], names[pk], reason)


def _unused(candidates: Collection[int], inside: dict[int, list[int]]) -> set[int]:
    """Those of the edibles that are in none but each other, at any depth."""
    unused = set(candidates)
    left: list[int] = [container for container in inside if container not in unused]
    while left:
        for edible in inside.get(left.pop(), ()):
            if edible in unused:
                unused.remove(edible)
                left.append(edible)
    return unused
