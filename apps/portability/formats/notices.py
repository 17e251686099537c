"""What a reader changed or left out to read a file: each kind with its count and the first lines it concerns."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.portability.formats.errors import Problem

MOST_LINES = 5

Note = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Notice:
    what: str
    count: int
    lines: tuple[int, ...]  # the first of them

    def __str__(self) -> str:
        numbers = ", ".join(map(str, self.lines))
        if self.count > len(self.lines):
            numbers = _("%(lines)s and more") % {"lines": numbers}
        text = ngettext("%(what)s (%(n)d row: line %(lines)s)", "%(what)s (%(n)d rows: lines %(lines)s)", self.count)
        return text % {"what": self.what, "n": self.count, "lines": numbers}


@dataclass(slots=True)
class Notices:
    """Notices while a file is read from its first line to its last. Only the first lines of each kind are kept."""

    _lines: dict[str, list[int]] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)
    _latest: dict[str, int] = field(default_factory=dict)

    def add(self, what: str, line: int) -> None:
        """Two things of one kind in one line count once."""
        if self._latest.get(what) == line:
            return
        self._latest[what] = line
        self._counts[what] = self._counts.get(what, 0) + 1
        lines = self._lines.setdefault(what, [])
        if len(lines) < MOST_LINES:
            lines.append(line)

    def at(self, line: int) -> Note:
        """A function that notes things about one line."""
        return lambda what: self.add(what, line)

    def all(self) -> tuple[Notice, ...]:
        return tuple(Notice(what, self._counts[what], tuple(lines)) for what, lines in self._lines.items())


@dataclass(frozen=True, slots=True)
class Unread:
    """Rows that could not be read and are left out: the first of their problems, and how many more there are."""

    problems: tuple[Problem, ...] = ()
    more: int = 0

    @property
    def count(self) -> int:
        return len(self.problems) + self.more

    def __bool__(self) -> bool:
        return bool(self.problems)
