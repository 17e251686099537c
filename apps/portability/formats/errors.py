"""What is wrong with an imported table, told by line and column; and what only its owner can answer."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.archive.problems import Problems, Refusal


@dataclass(frozen=True, slots=True)
class Problem:
    line: int | None  # of the file, from 1; None where the whole file is meant
    column: str  # as FoodMood calls it; empty where the whole line is meant
    what: str
    mend: str

    def __str__(self) -> str:
        if self.line is None:
            return f"{self.what}: {self.mend}"
        values = {"line": self.line, "column": self.column, "what": self.what, "mend": self.mend}
        if self.column:
            return _("Line %(line)d, %(column)s: %(what)s: %(mend)s") % values
        return _("Line %(line)d: %(what)s: %(mend)s") % values


class FormatError(Refusal[Problem]):
    """The file cannot be imported as it is. Nothing of it was taken."""


class MappingNeeded(ValueError):  # noqa: N818 -- not an error but a question
    """The file names moods that nobody has put on the scale yet.

    `moods`: every mood name of the file with how often it occurs, in the file's order. `unmapped`: those
    without a value. `guesses`: values on a scale of 1 (worst) to 5 for known names, to propose.
    """

    def __init__(self, moods: Mapping[str, int], unmapped: tuple[str, ...], guesses: Mapping[str, int]) -> None:
        super().__init__(moods, unmapped, guesses)
        self.moods = moods
        self.unmapped = unmapped
        self.guesses = guesses

    def __str__(self) -> str:
        return _("Say what these moods mean on your scale: %(names)s") % {"names": ", ".join(self.unmapped)}


def refuse_if_any(problems: Problems[Problem]) -> None:
    if problems.total:
        raise FormatError(tuple(problems.first), problems.total - len(problems.first))


def refused(what: str, mend: str, line: int | None = None, column: str = "") -> FormatError:
    return FormatError((Problem(line, column, what, mend),))
