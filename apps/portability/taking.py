"""A file that a person brings: what it would add to their diary, or what it did add."""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.accounts.models import User
from apps.portability.actions import import_archive
from apps.portability.formats.questions import OF_THE_FILE, ZONE, Answers, Question
from apps.portability.formats.report import Report
from apps.portability.merging import Plan, plan_import
from apps.portability.reading import Format, Moods, read_file


@dataclass(frozen=True)
class Summary:
    """A plan in a few words."""

    described: list[str]
    time_zone: str | None
    replaces_starters: bool
    is_empty: bool


@dataclass(frozen=True)
class Taken:
    """`report` and `summary` are None as long as `moods` has some that are unmapped, or a question is open."""

    moods: Moods | None
    report: Report | None = None
    summary: Summary | None = None
    questions: tuple[Question, ...] = ()


def take_file(  # noqa: PLR0913 -- an import has these parts
    *, data: bytes, kind: Format, owner: User, mapping: Mapping[str, int], answers: Answers, add: bool
) -> Taken:
    """Raises Refusal, MappingError or MergeConflictError; then nothing was added."""
    found = read_file(data=data, kind=kind, owner=owner, mapping=mapping, answers=answers)
    if found.reading is None:
        return Taken(found.moods, questions=found.questions)
    archive, restore = found.reading.archive, found.restores
    if add:
        change_zone = answers.get(ZONE) == OF_THE_FILE
        plan = import_archive(owner=owner, archive=archive, restore=restore, change_zone=change_zone)
    else:
        plan = plan_import(owner=owner, archive=archive, restore=restore)
    return Taken(found.moods, found.reading.report, _summary(plan), found.questions)


def _summary(plan: Plan) -> Summary:
    return Summary(
        described=plan.described(),
        time_zone=plan.time_zone,
        replaces_starters=bool(plan.replaced_starters),
        is_empty=plan.is_empty,
    )
