"""Which ratings of a file the diary has already: by their keys if an import brought them, by their values otherwise."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from apps.accounts.models import User
from apps.archive.model import Entry
from apps.portability.choices import Choices
from apps.portability.models import ImportedRow
from apps.portability.plan import EntryUpdate, Found, LeftAlone, Plan
from apps.portability.provenance import Known, said_of_entry, written_entry
from apps.wellbeing.models import Option as OptionRow
from foodmood.names import fold

Kind = ImportedRow.Kind


@dataclass(frozen=True, slots=True)
class _Entry:
    """A rating of the diary."""

    category: int
    option: int
    recorded_at: datetime
    notes: str


class EntryMatcher:
    """Plans a file's ratings."""

    def __init__(self, plan: Plan, owner: User, known: dict[str, Known], choices: Choices) -> None:
        self.plan, self.known, self.choices = plan, known, choices
        steps = OptionRow.objects.filter(category__owner=owner).exclude(category__in=plan.replaced_starters).order_by()
        columns = ("category__key", "key", "category", "pk", "label")
        self.steps: dict[tuple[str, str], tuple[int, int]] = {}
        self.labels: dict[int, str] = {}
        for category_key, key, category, pk, label in steps.values_list(*columns):
            self.steps[category_key, key] = category, pk
            self.labels[pk] = label
        columns = ("pk", "category", "option", "recorded_at", "notes")
        rows = owner.entries.order_by("pk").values_list(*columns)
        self.rows = {row[0]: _Entry(*row[1:]) for row in rows.iterator()}
        self._sort_out()

    def _sort_out(self) -> None:
        """Rows that are known by their keys are no candidates for others."""
        claimed = {record.row for record in self.known.values() if record.kind == Kind.ENTRY}
        self.entries = {pk: entry for pk, entry in self.rows.items() if pk in claimed}
        self.free: defaultdict[_Entry, list[int]] = defaultdict(list)
        for pk, entry in self.rows.items():
            if pk not in claimed:
                self.free[entry].append(pk)

    def _drop_outdated_keys(self, entries: Iterable[Entry]) -> None:
        """Forget the key of a rating that the person moved or deleted, where they gave the very same rating anew."""
        left = {entry: len(rows) for entry, rows in self.free.items()}
        dropped: dict[str, Known] = {}
        for entry in entries:
            record, step = self.known.get(entry.source), self._step(entry)
            if record is None or step is None:
                continue
            row, there = self.rows.get(record.row), _Entry(*step, entry.recorded_at, entry.notes)
            is_moved = row is None or (row.recorded_at, row.category) != (there.recorded_at, there.category)
            if is_moved and left.get(there):
                left[there] -= 1
                dropped[entry.source] = record
        if dropped:
            self.plan.forgotten += [record.pk for record in dropped.values()]
            self.known = {source: record for source, record in self.known.items() if source not in dropped}
            self._sort_out()

    def plan_entries(self, entries: Iterable[Entry]) -> None:
        entries = list(entries)
        self._drop_outdated_keys(entries)
        for entry in entries:
            record = self.known.get(entry.source)
            row = self.entries.get(record.row) if record else None
            if record is None:
                self._by_values(entry)
            elif row is not None:
                self._compare(entry, record, row)
            elif self.choices.restore_deleted:
                self.plan.forgotten.append(record.pk)
                self.plan.entries.append(entry)
            else:
                self.plan.deleted.append(LeftAlone(entry.recorded_at, entry.category, entry.option))

    def _step(self, entry: Entry) -> tuple[int, int] | None:
        """(category, option) of the diary, if it has them."""
        return self.steps.get(self.plan.names.option(fold(entry.category), fold(entry.option)))

    def _by_values(self, entry: Entry) -> None:
        step = self._step(entry)
        same = self.free.get(_Entry(*step, entry.recorded_at, entry.notes)) if step else None
        if not step or not same:
            self.plan.entries.append(entry)
            return
        row = same.pop(0)
        if entry.source:
            said = said_of_entry(step[1], entry.notes)
            written = written_entry(*step, entry.recorded_at, entry.notes)
            self.plan.found.append(Found(Kind.ENTRY, entry.source, row, said, written))

    def _compare(self, entry: Entry, record: Known, row: _Entry) -> None:
        _category, option = self._step(entry) or (0, 0)
        said = said_of_entry(option, entry.notes)
        if said == record.said:
            return
        if (option, entry.notes) == (row.option, row.notes):
            self.plan.said_again.append((record.pk, said, None))
            return
        untouched = record.written == written_entry(row.category, row.option, row.recorded_at, row.notes)
        if untouched or self.choices.replace_changed:
            self.plan.entry_updates.append(EntryUpdate(record.pk, record.row, entry, row.recorded_at))
        else:
            diary = self.labels.get(row.option, "")
            self.plan.changed.append(LeftAlone(row.recorded_at, entry.category, entry.option, diary))
