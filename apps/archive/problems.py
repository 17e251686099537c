"""What is wrong with a file, told all at once: where, what, and how to mend it."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foodmood.text import NOT_IN_A_LINE

MOST_PROBLEMS = 20
HOPELESS = 1000
_LONGEST_SHOWN = 60

P = TypeVar("P")


class Hopeless(Exception):  # noqa: N818 -- a signal between readers and Problems
    """So much is wrong that looking on helps nobody; in a hostile file it would take minutes."""


class Fault(ValueError):  # noqa: N818 -- it never leaves these packages: readers turn it into a problem with its place
    """One value is wrong; whoever reads the file knows where it stands."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what, mend)
        self.what = what
        self.mend = mend


@dataclass(frozen=True, slots=True)
class Problem:
    path: str  # like meals[3].edibles[0].amount; empty where the whole file is meant
    what: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.path}: " if self.path else ""
        return f"{place}{self.what}: {self.mend}"


class Problems(Generic[P]):
    """Keeps the first twenty and counts the rest: a file wrong in every line must not fill the memory.

    `hopeless`: raise Hopeless after a thousand.
    """

    def __init__(self, *, hopeless: bool = True) -> None:
        self.first: list[P] = []
        self.total = 0
        self._hopeless = hopeless

    def add(self, problem: P) -> None:
        self.total += 1
        if self._hopeless and self.total > HOPELESS:
            raise Hopeless
        if len(self.first) < MOST_PROBLEMS:
            self.first.append(problem)

    @property
    def is_hopeless(self) -> bool:
        return self.total > HOPELESS

    @property
    def full(self) -> bool:
        return self.total >= MOST_PROBLEMS


class Refusal(ValueError, Generic[P]):  # noqa: N818 -- the base of ArchiveError and FormatError
    """A file that was not read. `problems` holds at most twenty, `more` says how many there are besides."""

    def __init__(self, problems: tuple[P, ...], more: int = 0) -> None:
        super().__init__(problems, more)
        self.problems = problems
        self.more = more

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems]
        if self.more:
            lines.append(ngettext("and at least %(n)d more", "and at least %(n)d more", self.more) % {"n": self.more})
        return "\n".join(lines)


class ArchiveError(Refusal[Problem]):
    """The bytes are not a FoodMood archive that this version can read."""


def refuse_if_any(problems: Problems[Problem]) -> None:
    if problems.total:
        raise ArchiveError(tuple(problems.first), problems.total - len(problems.first))


def shown(value: object) -> str:
    """The value as a message may show it: short, on one line, printable."""
    text = NOT_IN_A_LINE.sub("\N{REPLACEMENT CHARACTER}", str(value))
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


def quoted(value: object) -> str:
    return _("“%(text)s”") % {"text": shown(value)}
