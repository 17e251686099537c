"""Which meals and portions of a file the diary has already.

By their keys if an import brought them, by their values otherwise.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from apps.accounts.models import User
from apps.archive.model import Archive, Meal, Portion
from apps.meals.models import Meal as MealRow
from apps.meals.models import Portion as PortionRow
from apps.portability.choices import Choices
from apps.portability.models import ImportedRow
from apps.portability.plan import Found, LeftAlone, MorePortions, Plan, PortionUpdate
from apps.portability.provenance import (
    Known,
    said_of_meal,
    said_of_portion,
    written_meal,
    written_portion,
)
from foodmood.names import fold

Kind = ImportedRow.Kind


@dataclass(frozen=True, slots=True)
class _Portion:
    """A portion of the diary."""

    row: int
    meal: int
    edible: int
    amount: Decimal | None
    unit: str


@dataclass(frozen=True, eq=False)
class _MealThere:
    """A meal of the diary, with its portions that no row of the file is known to be."""

    row: MealRow
    portions: dict[Hashable, list[_Portion]]

    def holds_just(self, portions: Iterable[Hashable]) -> bool:
        wanted: defaultdict[Hashable, int] = defaultdict(int)
        for key in portions:
            wanted[key] += 1
        return wanted == {key: len(rows) for key, rows in self.portions.items() if rows}


class MealMatcher:
    """Plans a file's meals."""

    def __init__(self, plan: Plan, owner: User, archive: Archive, known: dict[str, Known], choices: Choices) -> None:
        self.plan, self.known, self.choices = plan, known, choices
        self.edibles = dict(owner.edibles.values_list("pk", "key"))
        columns = ("pk", "meal", "edible", "amount", "unit")
        rows = PortionRow.objects.filter(owner=owner).order_by("pk").values_list(*columns)
        self.portions = {row[0]: _Portion(*row) for row in rows.iterator()}
        times = [meal.eaten_at for meal in archive.meals]
        self.meals = {row.pk: row for row in owner.meals.filter(eaten_at__range=(min(times), max(times))).iterator()}
        self._drop_outdated_keys(archive.meals)
        known = self.known
        # Rows that are known by their keys are no candidates for others.
        claimed = {record.row for record in known.values() if record.kind == Kind.PORTION}
        free: defaultdict[int, defaultdict[Hashable, list[_Portion]]] = defaultdict(lambda: defaultdict(list))
        self.sizes = Counter(portion.meal for portion in self.portions.values())
        for portion in self.portions.values():
            if portion.row not in claimed:
                key = self.edibles[portion.edible], portion.amount, portion.unit
                free[portion.meal][key].append(portion)
        self.free = free
        moved = {record.row for record in known.values() if record.kind == Kind.MEAL} - set(self.meals)
        self.moved = owner.meals.in_bulk(list(moved))

    def _drop_outdated_keys(self, meals: Iterable[Meal]) -> None:
        """Forget keys of a meal that the person moved or deleted, where they logged the very same meal anew.

        An archive names its meals by time, category and title. After such a move the key of the old time leads to
        the moved meal, although the diary has another meal there that says all that the file says.
        """
        claimed = {record.row for record in self.known.values() if record.kind == Kind.MEAL}
        portions: defaultdict[int, Counter[Hashable]] = defaultdict(Counter)
        for portion in self.portions.values():
            portions[portion.meal][self.edibles[portion.edible], portion.amount, portion.unit] += 1
        same: defaultdict[Hashable, list[int]] = defaultdict(list)
        for row in self.meals.values():
            if row.pk not in claimed:
                key = row.eaten_at, row.category, fold(row.title), row.notes, frozenset(portions[row.pk].items())
                same[key].append(row.pk)
        dropped: dict[str, Known] = {}
        for meal in meals:
            record = self.known.get(meal.source)
            if record is None:
                continue
            found = self.meals.get(record.row)
            if found is not None and (found.eaten_at, found.category, fold(found.title)) == _meal_key(meal):
                continue
            held = frozenset(Counter(map(self._portion_key, meal.portions)).items())
            rows = same.get((*_meal_key(meal), meal.notes, held))
            if rows:
                rows.pop()
                sources = (meal.source, *(portion.source for portion in meal.portions))
                dropped |= {source: self.known[source] for source in sources if source in self.known}
        self.plan.forgotten += [record.pk for record in dropped.values()]
        self.known = {source: record for source, record in self.known.items() if source not in dropped}

    def plan_meals(self, meals: Iterable[Meal]) -> None:
        alone: list[Meal] = []
        anchors: set[int] = set()
        for meal in meals:
            anchor, rest = self._known_parts(meal)
            if anchor is None:
                alone += [rest] if rest else []
            else:
                anchors.add(anchor)
                if rest:
                    self._add_missing(anchor, rest)
        there: defaultdict[Hashable, list[_MealThere]] = defaultdict(list)
        for row in self.meals.values():
            if row.pk not in anchors:
                there[row.eaten_at, row.category, fold(row.title)].append(_MealThere(row, self.free[row.pk]))
        # The most alike find each other first: nothing of one meal may be poured into another.
        for alike in (self._same_in_all, self._same_portions, self._same_key):
            alone = [meal for meal in alone if not self._matched(meal, there[_meal_key(meal)], alike)]
        self.plan.meals = alone

    def _known_parts(self, meal: Meal) -> tuple[int | None, Meal | None]:
        """(the number of the diary's meal if it is known, what of the meal is not known by its key)."""
        anchor, gone = self._known_meal(meal)
        if gone:
            for portion in meal.portions:
                self._leave_deleted(meal, portion)
            return None, None
        rest = []
        for portion in meal.portions:
            record = self.known.get(portion.source)
            row = self.portions.get(record.row) if record else None
            if record is None:
                rest.append(portion)
            elif row is not None:
                anchor = anchor or row.meal
                self._compare(meal, portion, record, row)
            elif self.choices.restore_deleted:
                self.plan.forgotten.append(record.pk)
                rest.append(portion)
            else:
                self._leave_deleted(meal, portion)
        if meal.portions and not rest:
            return anchor, None
        return anchor, meal if len(rest) == len(meal.portions) else replace(meal, portions=tuple(rest))

    def _known_meal(self, meal: Meal) -> tuple[int | None, bool]:
        """(its number, whether it was deleted), of a meal that is known by a key of its own."""
        record = self.known.get(meal.source)
        if record is None:
            return None, False
        row = self.meals.get(record.row) or self.moved.get(record.row)
        if row is None:
            if self.choices.restore_deleted:
                self.plan.forgotten.append(record.pk)
                return None, False
            return None, True
        said = said_of_meal(meal)
        if said != record.said and meal.notes != row.notes:
            untouched = record.written == written_meal(row.category, row.eaten_at, row.title, row.notes)
            if untouched or not row.notes or self.choices.replace_changed:
                self.plan.meal_notes.append((row, meal.notes))
                written = written_meal(row.category, row.eaten_at, row.title, meal.notes)
                self.plan.said_again.append((record.pk, said, written if untouched else None))
            else:
                self.plan.changed.append(LeftAlone(row.eaten_at, str(row.title), meal.notes, row.notes))
        return row.pk, False

    def _leave_deleted(self, meal: Meal, portion: Portion) -> None:
        self.plan.deleted.append(LeftAlone(meal.eaten_at, portion.edible, _size(portion.amount, portion.unit)))

    def _compare(self, meal: Meal, portion: Portion, record: Known, row: _Portion) -> None:
        said = said_of_portion(portion.amount, portion.unit)
        if said == record.said:
            return
        if said == said_of_portion(row.amount, row.unit):
            self.plan.said_again.append((record.pk, said, None))
            return
        untouched = record.written == written_portion(row.edible, row.amount, row.unit)
        if untouched or self.choices.replace_changed:
            self.plan.portion_updates.append(
                PortionUpdate(record.pk, row.row, row.edible, portion.amount, portion.unit)
            )
        else:
            file, diary = _size(portion.amount, portion.unit), _size(row.amount, row.unit)
            self.plan.changed.append(LeftAlone(meal.eaten_at, portion.edible, file, diary))

    def _same_in_all(self, meal: Meal, found: _MealThere) -> bool:
        return found.row.notes == meal.notes and self._same_portions(meal, found)

    def _same_portions(self, meal: Meal, found: _MealThere) -> bool:
        return found.holds_just(map(self._portion_key, meal.portions))

    def _same_key(self, meal: Meal, found: _MealThere) -> bool:
        return (found.row.eaten_at, found.row.category, fold(found.row.title)) == _meal_key(meal)

    def _portion_key(self, portion: Portion) -> Hashable:
        return self.plan.names.edible(fold(portion.edible)), portion.amount, portion.unit

    def _matched(self, meal: Meal, rows: list[_MealThere], alike: Callable[[Meal, _MealThere], bool]) -> bool:
        """Takes the first row alike off the list and plans what it lacks; False where there is none."""
        found = next((row for row in rows if alike(meal, row)), None)
        if found is None:
            return False
        rows.remove(found)
        row = found.row
        self._add_missing(row.pk, meal)
        written = written_meal(row.category, row.eaten_at, row.title, row.notes)
        if meal.notes and not row.notes:
            self.plan.meal_notes.append((row, meal.notes))
            written = written_meal(row.category, row.eaten_at, row.title, meal.notes)
        if meal.source:
            self.plan.found.append(Found(Kind.MEAL, meal.source, row.pk, said_of_meal(meal), written))
        return True

    def _add_missing(self, row: int, meal: Meal) -> None:
        """Plans the portions that the diary's meal has not, or not as often."""
        there = self.free[row]
        missing = []
        for portion in meal.portions:
            rows = there.get(self._portion_key(portion))
            if not rows:
                missing.append(portion)
                continue
            own = rows.pop(0)
            if portion.source:
                said = said_of_portion(portion.amount, portion.unit)
                written = written_portion(own.edible, own.amount, own.unit)
                self.plan.found.append(Found(Kind.PORTION, portion.source, own.row, said, written))
        if missing:
            lacking = replace(meal, portions=tuple(missing))
            self.plan.more_portions.append(MorePortions(row, self.sizes[row], lacking))


def _meal_key(meal: Meal) -> tuple[datetime, str, str]:
    return meal.eaten_at, meal.category, fold(meal.title)


def _size(amount: Decimal | None, unit: str) -> str:
    return PortionRow(amount=amount, unit=unit).size
