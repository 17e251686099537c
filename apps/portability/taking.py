"""A file that a person brings: what it would add to their diary, or what it did add."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.accounts.models import User
from apps.portability.actions import Origin, import_archive
from apps.portability.choices import Choices
from apps.portability.formats.questions import OF_THE_FILE, ZONE, Answers, Question
from apps.portability.formats.report import Report
from apps.portability.merging import plan_import
from apps.portability.models import Format
from apps.portability.plan import LeftAlone, Plan
from apps.portability.reading import Moods, read_file

MOST_TOLD = 20  # rows told one by one


@dataclass(frozen=True)
class Summary:
    """A plan in a few words."""

    described: list[str]
    time_zone: str | None
    replaces_starters: bool
    is_empty: bool
    has_new_keys: bool  # rows that the diary has, but that no import has remembered yet
    counted: str  # such as “3 rows recognised, 1 updated, 1 new.”
    changed: list[LeftAlone]
    deleted: list[LeftAlone]
    more_changed: int
    more_deleted: int


@dataclass(frozen=True)
class Taken:
    """`report` and `summary` are None as long as `moods` has some that are unmapped, or a question is open."""

    moods: Moods | None
    report: Report | None = None
    summary: Summary | None = None
    questions: tuple[Question, ...] = ()


def take_file(  # noqa: PLR0913 -- an import has these parts
    *,
    data: bytes,
    kind: Format,
    owner: User,
    mapping: Mapping[str, int],
    answers: Answers,
    add: bool,
    choices: Choices,
    file_name: str = "",
) -> Taken:
    """Raises Refusal, MappingError or MergeConflictError; then nothing was added."""
    found = read_file(data=data, kind=kind, owner=owner, mapping=mapping, answers=answers)
    if found.reading is None:
        return Taken(found.moods, questions=found.questions)
    arguments: dict[str, Any] = {
        "owner": owner,
        "archive": found.reading.archive,
        "restore": found.restores,
        "choices": choices,
    }
    if add:
        change_zone = answers.get(ZONE) == OF_THE_FILE
        plan = import_archive(**arguments, change_zone=change_zone, origin=Origin(kind, file_name))
    else:
        plan = plan_import(**arguments)
    return Taken(found.moods, found.reading.report, _summary(plan), found.questions)


def _summary(plan: Plan) -> Summary:
    return Summary(
        described=plan.described(),
        time_zone=plan.time_zone,
        replaces_starters=bool(plan.replaced_starters),
        is_empty=plan.is_empty,
        has_new_keys=bool(plan.found),
        counted=plan.counted(),
        changed=plan.changed[:MOST_TOLD],
        deleted=plan.deleted[:MOST_TOLD],
        more_changed=max(len(plan.changed) - MOST_TOLD, 0),
        more_deleted=max(len(plan.deleted) - MOST_TOLD, 0),
    )
