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
        # Rows that are known by their keys are no candidates for others.
        claimed = {record.row for record in known.values() if record.kind == Kind.ENTRY}
        self.entries: dict[int, _Entry] = {}
        self.free: defaultdict[_Entry, list[int]] = defaultdict(list)
        rows = owner.entries.order_by("pk").values_list("pk", "category", "option", "recorded_at", "notes")
        for pk, category, option, recorded_at, notes in rows.iterator():
            entry = _Entry(category, option, recorded_at, notes)
            if pk in claimed:
                self.entries[pk] = entry
            else:
                self.free[entry].append(pk)

    def plan_entries(self, entries: Iterable[Entry]) -> None:
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
