"""What importing an archive would change in a diary.

A row that an import brought before is known by its key (see provenance), whatever the person did to it since: it is
corrected if the file says something else now and the person left it alone; what they changed or deleted stays so. All
other rows are compared by their values, so that the same file twice adds nothing:

- An edible, a category or an option is the same when its name is, or was before it was renamed, whatever its case. An
  edible that already has ingredients keeps them.
- A meal is the same when time, category and title are; portions that it lacks are added to it.
- Notes are filled in where the diary has none. Where both have some, the diary keeps its own.
- An entry is the same when category, time, option and note are.
- Copies count: two like entries in the file stay two.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.archive.cycles import cycles
from apps.archive.model import Archive, Category, Edible, Option
from apps.edibles.models import Edible as EdibleRow
from apps.portability.choices import NO_CHOICES, Choices
from apps.portability.entry_matching import EntryMatcher
from apps.portability.exports import archived_category, archived_starter
from apps.portability.meal_matching import MealMatcher
from apps.portability.models import ImportedRow
from apps.portability.plan import Found, MergeConflictError, Plan, rows_in
from apps.portability.provenance import (
    Known,
    category_key,
    edible_key,
    known_rows,
    said_of_category,
    said_of_edible,
    written_edible,
)
from apps.portability.quotas import over_quota
from apps.wellbeing.models import Category as CategoryRow
from apps.wellbeing.models import OptionAlias
from apps.wellbeing.starter import starters_in_every_language
from foodmood.names import fold


def plan_import(*, owner: User, archive: Archive, restore: bool, choices: Choices = NO_CHOICES) -> Plan:
    """Reads only. `restore`: into a diary without meals, edibles and entries the archive brings its time zone
    and its categories, which take the place of untouched starter categories, so that exporting gives it again.

    Raises MergeConflictError.
    """
    plan = Plan(rows=rows_in(archive))
    known = known_rows(owner, archive)
    if restore and not (owner.meals.exists() or owner.entries.exists() or owner.edibles.exists()):
        plan.time_zone = archive.timezone if archive.timezone != owner.time_zone else None
        plan.replaced_starters = _untouched_starters(owner, archive)
    edibles = _Edibles(plan, owner, archive, known, choices)
    if archive.meals:
        MealMatcher(plan, owner, archive, known, choices).plan_meals(archive.meals)
    edibles.plan_edibles()
    categories = _Categories(plan, owner, archive, known, choices)
    if archive.entries:
        EntryMatcher(plan, owner, known, choices).plan_entries(archive.entries)
    categories.plan_categories()
    if too_much := over_quota(owner, plan):
        raise MergeConflictError(" ".join(too_much))
    return plan


def _untouched_starters(owner: User, archive: Archive) -> list[CategoryRow]:
    """Starter categories as they were given. Those that the archive holds just so stay."""
    given = {archived_starter(starter) for starters in starters_in_every_language() for starter in starters}
    given -= set(archive.categories)
    return [row for row in owner.categories.with_options() if archived_category(row) in given]


class _Edibles:
    def __init__(self, plan: Plan, owner: User, archive: Archive, known: dict[str, Known], choices: Choices) -> None:
        self.plan, self.archive, self.known, self.choices = plan, archive, known, choices
        self.rows = {row.key: row for row in owner.edibles.prefetch_related("ingredients")}
        former = dict(owner.edible_aliases.values_list("key", "edible__key"))
        by_number = {row.pk: row.key for row in self.rows.values()}
        for edible in archive.edibles:
            key = fold(edible.name)
            record = known.get(edible_key(edible.name))
            now = former.get(key) or (by_number.get(record.row) if record else None)
            if key not in self.rows and now:
                plan.names.edibles[key] = now

    def _key(self, name: str) -> str:
        return self.plan.names.edible(fold(name))

    def plan_edibles(self) -> None:
        """After the meals: a deleted edible comes back only where something new needs it."""
        plan = self.plan
        portions = [each for meal in plan.meals for each in meal.portions]
        portions += [each for more in plan.more_portions for each in more.meal.portions]
        missing = {self._key(edible.name): edible for edible in self.archive.edibles}
        inside = {key: [ingredient.key for ingredient in row.ingredients.all()] for key, row in self.rows.items()}
        filled: set[str] = set()  # two names in the file may be one edible now
        for edible in self.archive.edibles:
            row = self.rows.get(self._key(edible.name))
            if row is not None:
                missing.pop(row.key, None)
                self._plan_present(edible, row, has_ingredients=bool(inside[row.key]) or row.key in filled)
                filled |= {self._key(each.name) for each in plan.ingredients[-1:]}
        deleted = (
            {}
            if self.choices.restore_deleted
            else {key: edible for key, edible in missing.items() if edible_key(edible.name) in self.known}
        )
        needed = [self._key(portion.edible) for portion in portions]
        needed += [self._key(name) for edible in plan.ingredients for name in edible.ingredients]
        needed += [self._key(name) for key in missing.keys() - deleted.keys() for name in missing[key].ingredients]
        while needed:
            again = deleted.pop(needed.pop(), None)
            if again is not None:
                needed += map(self._key, again.ingredients)
        for key, edible in missing.items():
            if key in deleted:
                continue
            plan.edibles.append(edible)
            if edible.ingredients:
                plan.ingredients.append(edible)
            if record := self.known.get(edible_key(edible.name)):
                plan.forgotten.append(record.pk)
        self._refuse_cycles(inside)

    def _plan_present(self, edible: Edible, row: EdibleRow, *, has_ingredients: bool) -> None:
        record = self.known.get(edible_key(edible.name))
        said = said_of_edible(edible)
        if record and record.said == said:
            return  # what is not there the person took out
        if edible.notes and not row.notes:
            self.plan.edible_notes.append((row, edible.notes))
        if edible.ingredients and not has_ingredients:
            self.plan.ingredients.append(edible)
        if record:
            self.plan.said_again.append((record.pk, said, None))
        else:
            ingredients = [ingredient.pk for ingredient in row.ingredients.all()]
            written = written_edible(row.name, row.notes, ingredients)
            self.plan.found.append(Found(ImportedRow.Kind.EDIBLE, edible_key(edible.name), row.pk, said, written))

    def _refuse_cycles(self, inside: dict[str, list[str]]) -> None:
        for edible in self.plan.ingredients:
            inside[self._key(edible.name)] = [self._key(name) for name in edible.ingredients]
        cycle = next(cycles(inside), None)
        if cycle is not None:
            raise MergeConflictError(
                _(
                    "“%(edible)s” would contain itself, by its ingredients in the file together with those in your"
                    " diary. Change its ingredients in your diary, then import again."
                )
                % {"edible": next(each.name for each in self.plan.ingredients if self._key(each.name) in cycle)}
            )


class _Categories:
    def __init__(self, plan: Plan, owner: User, archive: Archive, known: dict[str, Known], choices: Choices) -> None:
        self.plan, self.archive, self.known, self.choices = plan, archive, known, choices
        replaced = {row.pk for row in plan.replaced_starters}
        self.rows = {row.key: row for row in owner.categories.with_options() if row.pk not in replaced}
        by_number = {row.pk: row.key for row in self.rows.values()}
        former = dict(owner.category_aliases.exclude(category__in=replaced).values_list("key", "category__key"))
        labels = OptionAlias.objects.filter(category__owner=owner).exclude(category__in=replaced)
        options = {
            (category, key): now for category, key, now in labels.values_list("category__key", "key", "option__key")
        }
        for category in archive.categories:
            key = fold(category.name)
            record = known.get(category_key(category.name))
            now = former.get(key) or (by_number.get(record.row) if record else None)
            if key not in self.rows and now:
                plan.names.categories[key] = now
            row = self.rows.get(plan.names.categories.get(key, key))
            present = {option.key for option in row.options.all()} if row else set()
            for label in (fold(option.label) for option in category.options):
                if row and label not in present and (row.key, label) in options:
                    plan.names.options[row.key, label] = options[row.key, label]

    def plan_categories(self) -> None:
        """After the entries: a deleted category or step comes back only where something new needs it."""
        plan = self.plan
        entries = [*plan.entries, *(update.entry for update in plan.entry_updates)]
        needed = {plan.names.option(fold(entry.category), fold(entry.option)) for entry in entries}
        rated = {category for category, _option in needed}
        for category in self.archive.categories:
            key = plan.names.categories.get(fold(category.name), fold(category.name))
            record = self.known.get(category_key(category.name))
            row = self.rows.get(key)
            if row is None:
                self._plan_missing(category, record, is_needed=key in rated)
            else:
                self._plan_present(category, row, record, needed)

    def _plan_missing(self, category: Category, record: Known | None, *, is_needed: bool) -> None:
        if record and not (is_needed or self.choices.restore_deleted):
            return
        if record:
            self.plan.forgotten.append(record.pk)
        self.plan.categories.append(category)

    def _plan_present(
        self, category: Category, row: CategoryRow, record: Known | None, needed: Iterable[tuple[str, str]]
    ) -> None:
        said = said_of_category(category)
        same = record is not None and record.said == said
        more = []
        for option in category.options:
            pair = self.plan.names.option(fold(category.name), fold(option.label))
            # Of a scale as it was imported before, the person took out or changed what is not there.
            if not _has_step(row, option, pair[1], is_same=same) and (not same or pair in needed):
                _refuse_contradiction(row, option, pair[1])
                more.append(option)
        if more:
            self.plan.options.append((row, more))
        if record is None:
            self.plan.found.append(
                Found(ImportedRow.Kind.CATEGORY, category_key(category.name), row.pk, said, written="")
            )
        elif not same:
            self.plan.said_again.append((record.pk, said, None))


def _has_step(row: CategoryRow, option: Option, key: str, *, is_same: bool) -> bool:
    was_changed = is_same or key != fold(option.label)
    return any(there.key == key and (there.value == option.value or was_changed) for there in row.options.all())


def _refuse_contradiction(row: CategoryRow, option: Option, key: str) -> None:
    """Raises MergeConflictError when the scale of that row means something else by the label or the value."""
    for there in row.options.all():
        if there.key == key or there.value == option.value:
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
