from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from django.db import transaction

from apps.accounts.diary import lock_diary
from apps.accounts.models import User
from apps.archive.model import Archive, Option, Portion
from apps.edibles.models import Edible as EdibleRow
from apps.edibles.models import Ingredient as IngredientRow
from apps.meals.models import Meal as MealRow
from apps.meals.models import Portion as PortionRow
from apps.portability.choices import NO_CHOICES, Choices
from apps.portability.merging import plan_import
from apps.portability.models import FILE_NAME_LENGTH, Format, Import, ImportedRow
from apps.portability.plan import Plan
from apps.portability.provenance import (
    BATCH,
    Record,
    category_key,
    edible_key,
    said_of_category,
    said_of_edible,
    said_of_entry,
    said_of_meal,
    said_of_portion,
    written_edible,
    written_entry,
    written_meal,
    written_portion,
)
from apps.wellbeing.models import Category as CategoryRow
from apps.wellbeing.models import Entry as EntryRow
from apps.wellbeing.models import Option as OptionRow
from foodmood.database import take_time
from foodmood.names import fold, refresh_search_keys
from foodmood.text import NOT_IN_A_LINE

Kind = ImportedRow.Kind
T = TypeVar("T")
Row = TypeVar("Row", EdibleRow, MealRow)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where imported rows come from, to be remembered. `file_name` may be anything that a browser sent."""

    format: Format
    file_name: str = ""

    @property
    def shown_name(self) -> str:
        return NOT_IN_A_LINE.sub("", self.file_name)[:FILE_NAME_LENGTH]


@transaction.atomic
def import_archive(  # noqa: PLR0913 -- an import has these parts
    *,
    owner: User,
    archive: Archive,
    restore: bool,
    change_zone: bool = True,
    choices: Choices = NO_CHOICES,
    origin: Origin | None = None,
) -> Plan:
    """Adds what the diary lacks and corrects what the file corrected (see merging), all of it or nothing.

    Without an origin, it is not remembered where the rows came from. Returns what was done.
    """
    take_time()
    lock_diary(owner)
    plan = plan_import(owner=owner, archive=archive, restore=restore, choices=choices)
    record = Record(_remembered(owner, plan, origin))
    ImportedRow.objects.filter(owner=owner, pk__in=plan.forgotten).delete()
    if plan.time_zone and change_zone:
        owner.time_zone = plan.time_zone
        owner.save(update_fields=["time_zone"])
    _add_edibles(owner, plan, record)
    _add_meals(owner, plan, record)
    _add_categories(owner, plan, record)
    _add_entries(owner, plan, record)
    for found in plan.found:
        record.note(found.kind, key=found.key, row=found.row, said=found.said, written=found.written, added=False)
    record.flush()
    _say_again(plan.said_again)
    return plan


def _remembered(owner: User, plan: Plan, origin: Origin | None) -> Import | None:
    if origin is None or (plan.is_empty and not plan.found):
        return None
    return Import.objects.create(
        owner=owner,
        format=origin.format,
        file_name=origin.shown_name,
        meals=len(plan.meals),
        portions=plan.portions,
        entries=len(plan.entries),
        edibles=len(plan.edibles),
        categories=len(plan.categories),
        filled=plan.filled,
        updated=plan.updated,
        recognised=plan.recognised,
    )


def _say_again(said_again: Iterable[tuple[int, str, str | None]]) -> None:
    """What the file says now is what it will be compared with next time."""
    rows = [ImportedRow(pk=pk, said=said, written=written or "") for pk, said, written in said_again]
    ImportedRow.objects.bulk_update(rows, ["said"], batch_size=BATCH)
    ImportedRow.objects.bulk_update([row for row in rows if row.written], ["written"], batch_size=BATCH)


def _in_batches(things: Iterable[T]) -> Iterator[list[T]]:
    """Rows become objects a thousand at a time: those of years would not fit into a small machine's memory."""
    left = iter(things)
    while batch := list(islice(left, BATCH)):
        yield batch


def _add_edibles(owner: User, plan: Plan, record: Record) -> None:
    _fill_notes(EdibleRow, plan.edible_notes)
    added = EdibleRow.objects.bulk_create(
        (EdibleRow(owner=owner, name=edible.name, notes=edible.notes) for edible in plan.edibles), batch_size=BATCH
    )
    inside: dict[str, list[int]] = {}
    if plan.ingredients:
        ids = _edible_ids(owner)
        for edible in plan.ingredients:
            keys = (plan.names.edible(fold(name)) for name in edible.ingredients)
            inside[plan.names.edible(fold(edible.name))] = list(dict.fromkeys(ids[key] for key in keys))
        IngredientRow.objects.bulk_create(
            (
                IngredientRow(owner=owner, container_id=ids[container], edible_id=ingredient)
                for container, ingredients in inside.items()
                for ingredient in ingredients
            ),
            batch_size=BATCH,
        )
    for row, edible in zip(added, plan.edibles, strict=True):
        record.note(
            Kind.EDIBLE,
            key=edible_key(edible.name),
            row=row.pk,
            said=said_of_edible(edible),
            written=written_edible(row.name, row.notes, inside.get(row.key, ())),
        )


def _fill_notes(model: type[Row], notes: Iterable[tuple[Row, str]]) -> None:
    rows = []
    for row, text in notes:
        row.notes = text
        rows.append(row)
    refresh_search_keys(rows)
    model._default_manager.bulk_update(rows, ["notes", "search_key"], batch_size=BATCH)  # noqa: SLF001 -- Django's documented API


def _add_meals(owner: User, plan: Plan, record: Record) -> None:
    _fill_notes(MealRow, plan.meal_notes)
    _correct_portions(plan)
    ids = _edible_ids(owner) if plan.meals or plan.more_portions else {}
    portions: list[tuple[int, Iterable[Portion]]] = [(more.row, more.meal.portions) for more in plan.more_portions]
    for meals in _in_batches(plan.meals):
        rows = MealRow.objects.bulk_create(
            MealRow(
                owner=owner,
                title=meal.title,
                category=meal.category,
                eaten_at=meal.eaten_at,
                time_guessed=meal.time_guessed,
                notes=meal.notes,
            )
            for meal in meals
        )
        for row, meal in zip(rows, meals, strict=True):
            portions.append((row.pk, meal.portions))
            written = written_meal(row.category, row.eaten_at, row.title, row.notes)
            record.note(Kind.MEAL, key=meal.source, row=row.pk, said=said_of_meal(meal), written=written)
    for batch in _in_batches((meal, portion) for meal, of_meal in portions for portion in of_meal):
        added = PortionRow.objects.bulk_create(
            PortionRow(
                owner=owner,
                meal_id=meal,
                edible_id=ids[plan.names.edible(fold(portion.edible))],
                amount=portion.amount,
                unit=portion.unit,
            )
            for meal, portion in batch
        )
        for own, (_meal, portion) in zip(added, batch, strict=True):
            said = said_of_portion(own.amount, own.unit)
            written = written_portion(own.edible_id, own.amount, own.unit)
            record.note(Kind.PORTION, key=portion.source, row=own.pk, said=said, written=written)


def _correct_portions(plan: Plan) -> None:
    rows = [PortionRow(pk=each.row, amount=each.amount, unit=each.unit) for each in plan.portion_updates]
    PortionRow.objects.bulk_update(rows, ["amount", "unit"], batch_size=BATCH)
    plan.said_again += [
        (
            each.record,
            said_of_portion(each.amount, each.unit),
            written_portion(each.edible, each.amount, each.unit),
        )
        for each in plan.portion_updates
    ]


def _edible_ids(owner: User) -> dict[str, int]:
    return dict(owner.edibles.values_list("key", "pk"))


def _add_categories(owner: User, plan: Plan, record: Record) -> None:
    owner.categories.filter(pk__in=[row.pk for row in plan.replaced_starters]).delete()
    rows = CategoryRow.objects.bulk_create(
        CategoryRow(
            owner=owner,
            name=category.name,
            description=category.description,
            icon=category.icon,
            is_active=category.is_active,
            higher_is_better=category.higher_is_better,
        )
        for category in plan.categories
    )
    options: list[tuple[CategoryRow, Iterable[Option]]] = []
    for row, category in zip(rows, plan.categories, strict=True):
        options.append((row, category.options))
        said = said_of_category(category)
        record.note(Kind.CATEGORY, key=category_key(category.name), row=row.pk, said=said, written=said)
    options += plan.options
    OptionRow.objects.bulk_create(
        OptionRow(category=row, label=option.label, value=option.value, color=option.color, order=option.order)
        for row, of_category in options
        for option in of_category
    )


def _add_entries(owner: User, plan: Plan, record: Record) -> None:
    steps = {
        (category_key, key): (category, pk)
        for category_key, key, category, pk in OptionRow.objects.filter(category__owner=owner).values_list(
            "category__key", "key", "category", "pk"
        )
    }
    for batch in _in_batches(plan.entries):
        rows = []
        for entry in batch:
            category, option = steps[plan.names.option(fold(entry.category), fold(entry.option))]
            rows.append(
                EntryRow(
                    owner=owner,
                    category_id=category,
                    option_id=option,
                    recorded_at=entry.recorded_at,
                    time_guessed=entry.time_guessed,
                    notes=entry.notes,
                )
            )
        for row, entry in zip(EntryRow.objects.bulk_create(rows), batch, strict=True):
            said = said_of_entry(row.option_id, row.notes)
            written = written_entry(row.category_id, row.option_id, row.recorded_at, row.notes)
            record.note(Kind.ENTRY, key=entry.source, row=row.pk, said=said, written=written)
    rows = []
    for update in plan.entry_updates:
        entry = update.entry
        category, option = steps[plan.names.option(fold(entry.category), fold(entry.option))]
        rows.append(EntryRow(pk=update.row, category_id=category, option_id=option, notes=entry.notes))
        written = written_entry(category, option, update.recorded_at, entry.notes)
        plan.said_again.append((update.record, said_of_entry(option, entry.notes), written))
    EntryRow.objects.bulk_update(rows, ["category", "option", "notes"], batch_size=BATCH)
