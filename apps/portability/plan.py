"""What importing an archive would change in a diary, and what it would leave alone."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.archive.model import Archive, Category, Edible, Entry, Meal, Option
from apps.edibles.models import Edible as EdibleRow
from apps.meals.models import Meal as MealRow
from apps.portability.models import ImportedRow
from apps.wellbeing.models import Category as CategoryRow


class MergeConflictError(ValueError):
    """The archive and the diary contradict each other, or are too large together; the message says where, and how to
    fix it.
    """


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A row that the file has and the diary does not, because the person changed or deleted it."""

    at: datetime
    name: str
    file: str  # what the file says: an amount or a rating
    diary: str = ""


@dataclass(frozen=True, slots=True)
class MorePortions:
    """What the diary's meal lacks."""

    row: int
    present: int  # the portions that it has
    meal: Meal  # as the file has it, with those portions alone that are to be added


@dataclass(frozen=True, slots=True)
class PortionUpdate:
    record: int  # the ImportedRow
    row: int
    edible: int
    amount: Decimal | None
    unit: str


@dataclass(frozen=True, slots=True)
class EntryUpdate:
    record: int
    row: int
    entry: Entry  # as the file has it
    recorded_at: datetime  # as the diary has it


@dataclass(frozen=True, slots=True)
class Found:
    """A row of the diary that is the file's by its values; from now on it is known by its key."""

    kind: ImportedRow.Kind
    key: str
    row: int
    said: str
    written: str


@dataclass
class Names:
    """Folded names of a file → folded names of the diary, where the person renamed something."""

    edibles: dict[str, str] = field(default_factory=dict)
    categories: dict[str, str] = field(default_factory=dict)
    options: dict[tuple[str, str], str] = field(default_factory=dict)  # (the diary's category, the file's label)

    def edible(self, folded: str) -> str:
        return self.edibles.get(folded, folded)

    def option(self, category: str, option: str) -> tuple[str, str]:
        """Both folded."""
        own = self.categories.get(category, category)
        return own, self.options.get((own, option), option)


@dataclass
class Plan:
    """What to add and to correct, in the words of the archive; rows that are there already stand beside what goes
    into them. Plans that change the same things are equal.
    """

    edible_notes: list[tuple[EdibleRow, str]] = field(default_factory=list)
    meal_notes: list[tuple[MealRow, str]] = field(default_factory=list)
    edibles: list[Edible] = field(default_factory=list)
    ingredients: list[Edible] = field(default_factory=list)  # edibles, new or not, that get their ingredients
    meals: list[Meal] = field(default_factory=list)
    more_portions: list[MorePortions] = field(default_factory=list)
    replaced_starters: list[CategoryRow] = field(default_factory=list)
    categories: list[Category] = field(default_factory=list)
    options: list[tuple[CategoryRow, list[Option]]] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    portion_updates: list[PortionUpdate] = field(default_factory=list)
    entry_updates: list[EntryUpdate] = field(default_factory=list)
    time_zone: str | None = None
    # What it leaves as it is
    rows: int = field(default=0, compare=False)  # portions and entries of the file
    changed: list[LeftAlone] = field(default_factory=list, compare=False)
    deleted: list[LeftAlone] = field(default_factory=list, compare=False)
    # To remember
    names: Names = field(default_factory=Names, compare=False)
    found: list[Found] = field(default_factory=list, compare=False)
    said_again: list[tuple[int, str, str | None]] = field(default_factory=list, compare=False)  # record, said, written
    forgotten: list[int] = field(default_factory=list, compare=False)  # ImportedRows that no longer hold

    @property
    def portions(self) -> int:
        return sum(len(meal.portions) for meal in self.meals) + sum(
            len(more.meal.portions) for more in self.more_portions
        )

    @property
    def notes(self) -> int:
        return len(self.edible_notes) + len(self.meal_notes)

    @property
    def new_options(self) -> int:
        return sum(len(more) for _row, more in self.options)

    @property
    def filled(self) -> int:
        """What is added to edibles, meals and categories that were there already."""
        present = len(self.ingredients) - sum(1 for edible in self.edibles if edible.ingredients)
        return self.notes + self.new_options + present

    @property
    def new(self) -> int:
        return self.portions + len(self.entries)

    @property
    def updated(self) -> int:
        return len(self.portion_updates) + len(self.entry_updates)

    @property
    def recognised(self) -> int:
        """Rows of the file that the diary has, whether they are updated or stay as they are."""
        return self.rows - self.new - len(self.deleted)

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

    def counted(self) -> str:
        """Such as “3 rows recognised, 1 updated, 1 new.”"""
        recognised = ngettext("%(n)d row recognised", "%(n)d rows recognised", self.recognised)
        return _("%(recognised)s, %(updated)d updated, %(new)d new.") % {
            "recognised": recognised % {"n": self.recognised},
            "updated": self.updated,
            "new": self.new,
        }

    @property
    def is_empty(self) -> bool:
        return self == Plan()


def rows_in(archive: Archive) -> int:
    return sum(len(meal.portions) for meal in archive.meals) + len(archive.entries)
