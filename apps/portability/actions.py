from collections.abc import Iterable
from typing import TypeVar

from django.db import transaction

from apps.accounts.diary import lock_diary
from apps.accounts.models import User
from apps.archive.model import Archive, Option, Portion
from apps.edibles.models import Edible as EdibleRow
from apps.edibles.models import Ingredient as IngredientRow
from apps.meals.models import Meal as MealRow
from apps.meals.models import Portion as PortionRow
from apps.portability.merging import Plan, plan_import
from apps.wellbeing.models import Category as CategoryRow
from apps.wellbeing.models import Entry as EntryRow
from apps.wellbeing.models import Option as OptionRow
from foodmood.database import take_time
from foodmood.names import fold, refresh_search_keys

BATCH = 1000

Row = TypeVar("Row", EdibleRow, MealRow)


@transaction.atomic
def import_archive(*, owner: User, archive: Archive, restore: bool, change_zone: bool = True) -> Plan:
    """Adds what the diary lacks (see merging), all of it or nothing. Returns what was added."""
    take_time()
    lock_diary(owner)
    plan = plan_import(owner=owner, archive=archive, restore=restore)
    if plan.time_zone and change_zone:
        owner.time_zone = plan.time_zone
        owner.save(update_fields=["time_zone"])
    _add_edibles(owner, plan)
    _add_meals(owner, plan)
    _add_categories(owner, plan)
    _add_entries(owner, plan)
    return plan


def _add_edibles(owner: User, plan: Plan) -> None:
    _fill_notes(EdibleRow, plan.edible_notes)
    EdibleRow.objects.bulk_create(
        (EdibleRow(owner=owner, name=edible.name, notes=edible.notes) for edible in plan.edibles), batch_size=BATCH
    )
    if plan.ingredients:
        ids = _edible_ids(owner)
        IngredientRow.objects.bulk_create(
            (
                IngredientRow(owner=owner, container_id=ids[fold(edible.name)], edible_id=ids[fold(name)])
                for edible in plan.ingredients
                for name in edible.ingredients
            ),
            batch_size=BATCH,
        )


def _fill_notes(model: type[Row], notes: Iterable[tuple[Row, str]]) -> None:
    rows = []
    for row, text in notes:
        row.notes = text
        rows.append(row)
    refresh_search_keys(rows)
    model._default_manager.bulk_update(rows, ["notes", "search_key"], batch_size=BATCH)  # noqa: SLF001 -- Django's documented API


def _add_meals(owner: User, plan: Plan) -> None:
    _fill_notes(MealRow, plan.meal_notes)
    rows = MealRow.objects.bulk_create(
        (
            MealRow(
                owner=owner,
                title=meal.title,
                category=meal.category,
                eaten_at=meal.eaten_at,
                time_guessed=meal.time_guessed,
                notes=meal.notes,
            )
            for meal in plan.meals
        ),
        batch_size=BATCH,
    )
    portions: list[tuple[MealRow, Iterable[Portion]]] = [
        (row, meal.portions) for row, meal in zip(rows, plan.meals, strict=True)
    ]
    portions += plan.more_portions
    if portions:
        ids = _edible_ids(owner)
        PortionRow.objects.bulk_create(
            (
                PortionRow(
                    owner=owner,
                    meal=row,
                    edible_id=ids[fold(portion.edible)],
                    amount=portion.amount,
                    unit=portion.unit,
                )
                for row, of_meal in portions
                for portion in of_meal
            ),
            batch_size=BATCH,
        )


def _edible_ids(owner: User) -> dict[str, int]:
    return dict(owner.edibles.values_list("key", "pk"))


def _add_categories(owner: User, plan: Plan) -> None:
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
    options: list[tuple[CategoryRow, Iterable[Option]]] = [
        (row, category.options) for row, category in zip(rows, plan.categories, strict=True)
    ]
    options += plan.options
    OptionRow.objects.bulk_create(
        OptionRow(category=row, label=option.label, value=option.value, color=option.color, order=option.order)
        for row, of_category in options
        for option in of_category
    )


def _add_entries(owner: User, plan: Plan) -> None:
    options = {
        (option.category.key, option.key): option
        for option in OptionRow.objects.filter(category__owner=owner).select_related("category")
    }
    EntryRow.objects.bulk_create(
        (
            EntryRow(
                owner=owner,
                category_id=(option := options[fold(entry.category), fold(entry.option)]).category_id,
                option=option,
                recorded_at=entry.recorded_at,
                time_guessed=entry.time_guessed,
                notes=entry.notes,
            )
            for entry in plan.entries
        ),
        batch_size=BATCH,
    )
