"""What only the owner of a file can say: asked on the preview, or answered by an option of the command."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from apps.portability.formats.dates import Survey

Answers = Mapping[str, str]

GROUP = "group:"  # before the name of each group of the file
DATES = "dates"
MEALS = "meals"
ZONE = "zone"  # whose to keep: a box on the preview of an archive from another time zone

DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
OF_THE_FILE = "file"
HALF_HOUR, WHOLE_DAY = "half-hour", "group-and-day"


@dataclass(frozen=True, slots=True)
class Question:
    name: str  # of the form's field, and of its answer
    label: str
    choices: tuple[tuple[str, str], ...]
    answer: str = ""  # given or guessed; empty while it is open
    count: int = 0  # of the rows it concerns

    @property
    def is_open(self) -> bool:
        return not self.answer


def answered(question: Question, answers: Answers) -> Question:
    """With the answer given, if it is one of the choices."""
    name = question.name.casefold()
    given = next((answer for each, answer in answers.items() if each.casefold() == name), "")
    if given not in dict(question.choices):
        return question
    return replace(question, answer=given)


def order_question(days: Survey) -> Question:
    """Of a file whose days can be read in two ways."""
    return Question(
        DATES,
        _("Which comes first in dates such as %(example)s?") % {"example": days.example},
        ((DAY_FIRST, _("The day")), (MONTH_FIRST, _("The month"))),
        count=days.open,
    )
