"""What importing an archive would add to a diary.

An import only ever adds: nothing that is there is changed or removed, and what is there already is not added
again, so the same file twice adds nothing.

- An edible, a category or an option is the same when its name is, whatever its case. An edible that already has
  ingredients keeps them.
- A meal is the same when time, category and title are; portions that it lacks are added to it.
- Notes are filled in where the diary has none. Where both have some, the diary keeps its own.
- An entry is the same when category, time, option and note are.
- Copies count: two like entries in the file stay two.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.archive.cycles import cycles
from apps.archive.model import Archive, Category, Edible, Entry, Meal, Option, Portion
from apps.edibles.models import Edible as EdibleRow
from apps.meals.models import Meal as MealRow
from apps.portability.exports import archived_category, archived_starter, portions_of
from apps.portability.quotas import over_quota
from apps.wellbeing.models import Category as CategoryRow
from apps.wellbeing.starter import starters_in_every_language
from foodmood.names import fold

T = TypeVar("T")


class MergeConflictError(ValueError):
    """The archive and the diary contradict each other, or are too large together; the message says where, and how to
    fix it.
    """


@dataclass
class Plan:
    """What to add, in the words of the archive; rows that are there already stand beside what goes into them."""

    edible_notes: list[tuple[EdibleRow, str]] = field(default_factory=list)
    meal_notes: list[tuple[MealRow, str]] = field(default_factory=list)
    edibles: list[Edible] = field(default_factory=list)
    ingredients: list[Edible] = field(default_factory=list)  # edibles, new or not, that get their ingredients
    meals: list[Meal] = field(default_factory=list)
    more_portions: list[tuple[MealRow, list[Portion]]] = field(default_factory=list)
    replaced_starters: list[CategoryRow] = field(default_factory=list)
    categories: list[Category] = field(default_factory=list)
    options: list[tuple[CategoryRow, list[Option]]] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    time_zone: str | None = None

    @property
    def portions(self) -> int:
        return sum(len(meal.portions) for meal in self.meals) + sum(len(more) for _row, more in self.more_portions)

    @property
    def notes(self) -> int:
        return len(self.edible_notes) + len(self.meal_notes)

    @property
    def new_options(self) -> int:
        return sum(len(more) for _row, more in self.options)

    def described(self) -> list[str]:
        """What would be added, each kind with its number; kinds of which there are none are left out."""
        meals, portions, entries, edibles = len(self.meals), self.portions, len(self.entries), len(self.edibles)
        inside, categories, options, notes = len(self.ingredients), len(self.categories), self.new_options, self.notes
        counted = (
            (meals, ngettext("%(n)d meal", "%(n)d meals", meals)),
            (portions, ngettext("%(n)d portion", "%(n)d portions", portions)),
            (entries, ngettext("%(n)d entry", "%(n)d entries", entries)),
            (edibles, ngettext("%(n)d new edible", "%(n)d new edibles", edibles)),
            (inside, ngettext("the ingredients of %(n)d edible", "the ingredients of %(n)d edibles", inside)),
            (categories, ngettext("%(n)d new category", "%(n)d new categories", categories)),
            (options, ngettext("%(n)d new step of a scale", "%(n)d new steps of scales", options)),
            (notes, ngettext("%(n)d note", "%(n)d notes", notes)),
        )
        return [text % {"n": n} for n, text in counted if n]

    @property
    def is_empty(self) -> bool:
        return self == Plan()


def plan_import(*, owner: User, archive: Archive, restore: bool) -> Plan:
    """Reads only. `restore`: into a diary without meals, edibles and entries the archive brings its time zone
    and its categories, which take the place of untouched starter categories, so that exporting gives it again.

    Raises MergeConflictError.
    """
    plan = Plan()
    if restore and not (owner.meals.exists() or owner.entries.exists() or owner.edibles.exists()):
        plan.time_zone = archive.timezone if archive.timezone != owner.time_zone else None
        plan.replaced_starters = _untouched_starters(owner, archive)
    _plan_edibles(plan, owner, archive)
    _plan_meals(plan, owner, archive)
    _plan_categories(plan, owner, archive)
    _plan_entries(plan, owner, archive)
    if too_much := over_quota(owner, plan):
        raise MergeConflictError(" ".join(too_much))
    return plan


def _untouched_starters(owner: User, archive: Archive) -> list[CategoryRow]:
    """Starter categories as they were given. Those that the archive holds just so stay."""
    given = {archived_starter(starter) for starters in starters_in_every_language() for starter in starters}
    given -= set(archive.categories)
    return [row for row in owner.categories.with_options() if archived_category(row) in given]


def _plan_edibles(plan: Plan, owner: User, archive: Archive) -> None:
    rows = {row.key: row for row in owner.edibles.prefetch_related("ingredients")}
    inside = {key: [ingredient.key for ingredient in row.ingredients.all()] for key, row in rows.items()}
    for edible in archive.edibles:
        key = fold(edible.name)
        if key not in rows:
            plan.edibles.append(edible)
        elif edible.notes and not rows[key].notes:
            plan.edible_notes.append((rows[key], edible.notes))
        if edible.ingredients and not inside.get(key):
            plan.ingredients.append(edible)
    for edible in plan.ingredients:
        inside[fold(edible.name)] = [fold(name) for name in edible.ingredients]
    cycle = next(cycles(inside), None)
    if cycle is not None:
        raise MergeConflictError(
            _(
                "“%(edible)s” would contain itself, by its ingredients in the file together with those in your"
                " diary. Change its ingredients in your diary, then import again."
            )
            % {"edible": next(edible.name for edible in plan.ingredients if fold(edible.name) in cycle)}
        )


def _plan_meals(plan: Plan, owner: User, archive: Archive) -> None:
    if not archive.meals:
        return
    times = [meal.eaten_at for meal in archive.meals]
    there: defaultdict[Hashable, list[_MealThere]] = defaultdict(list)
    portions = portions_of(owner)
    for row in owner.meals.filter(eaten_at__range=(min(times), max(times))).iterator():
        there[row.eaten_at, row.category, fold(row.title)].append(_MealThere(row, _counted(portions[row.pk])))
    # The most alike find each other first: nothing of one meal may be poured into another.
    alone = list(archive.meals)
    for alike in (_same_in_all, _same_portions, _same_key):
        alone = [meal for meal in alone if not _matched(plan, meal, there[_meal_key(meal)], alike)]
    plan.meals = alone


@dataclass(frozen=True, eq=False)
class _MealThere:
    row: MealRow
    portions: Counter[Hashable]


def _same_in_all(meal: Meal, found: _MealThere) -> bool:
    return _same_portions(meal, found) and found.row.notes == meal.notes


def _same_portions(meal: Meal, found: _MealThere) -> bool:
    return found.portions == _counted(meal.portions)


def _same_key(meal: Meal, found: _MealThere) -> bool:
    return (found.row.eaten_at, found.row.category, fold(found.row.title)) == _meal_key(meal)


def _matched(plan: Plan, meal: Meal, rows: list[_MealThere], alike: Callable[[Meal, _MealThere], bool]) -> bool:
    """Takes the first row alike off the list and plans what it lacks; False where there is none."""
    found = next((row for row in rows if alike(meal, row)), None)
    if found is None:
        return False
    rows.remove(found)
    more = _missing(((_portion_key(each), each) for each in meal.portions), found.portions)
    if more:
        plan.more_portions.append((found.row, more))
    if meal.notes and not found.row.notes:
        plan.meal_notes.append((found.row, meal.notes))
    return True


def _meal_key(meal: Meal) -> Hashable:
    return meal.eaten_at, meal.category, fold(meal.title)


def _portion_key(portion: Portion) -> Hashable:
    return fold(portion.edible), portion.amount, portion.unit


def _counted(portions: Iterable[Portion]) -> Counter[Hashable]:
    return Counter(map(_portion_key, portions))


def _missing(values: Iterable[tuple[Hashable, T]], there: Counter[Hashable]) -> list[T]:
    """The values whose key is not there, or not there as often."""
    left = Counter(there)
    missing = []
    for key, value in values:
        if left[key]:
            left[key] -= 1
        else:
            missing.append(value)
    return missing


def _plan_categories(plan: Plan, owner: User, archive: Archive) -> None:
    replaced = {row.pk for row in plan.replaced_starters}
    rows = {row.key: row for row in owner.categories.with_options() if row.pk not in replaced}
    for category in archive.categories:
        row = rows.get(fold(category.name))
        if row is None:
            plan.categories.append(category)
            continue
        more = [option for option in category.options if not _has_option(row, option)]
        if more:
            plan.options.append((row, more))


def _has_option(row: CategoryRow, option: Option) -> bool:
    """Raises MergeConflictError when the scale of that row means something else by the label or the value."""
    for there in row.options.all():
        same_label, same_value = there.key == fold(option.label), there.value == option.value
        if same_label and same_value:
            return True
        if same_label or same_value:
            raise MergeConflictError(
                _(
                    "Your category “%(category)s” has “%(there)s” at %(there_value)d, the file has “%(option)s” at"
                    " %(value)d. Rename your category, then import again; the two stay side by side."
                )
                % {
                    "category": row.name,
                    "there": there.label,
                    "there_value": there.value,
                    "option": option.label,
                    "value": option.value,
                }
            )
    return False


def _plan_entries(plan: Plan, owner: User, archive: Archive) -> None:
    if not archive.entries:
        return
    times = [entry.recorded_at for entry in archive.entries]
    there: Counter[Hashable] = Counter(
        (fold(category), fold(option), recorded_at, notes)
        for category, option, recorded_at, notes in owner.entries.filter(
            recorded_at__range=(min(times), max(times))
        ).values_list("category__name", "option__label", "recorded_at", "notes")
    )
    plan.entries = _missing(((_entry_key(entry), entry) for entry in archive.entries), there)


def _entry_key(entry: Entry) -> Hashable:
    return fold(entry.category), fold(entry.option), entry.recorded_at, entry.notes
