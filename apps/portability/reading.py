"""A file that a person brings, read into an archive: by which reader, and with what of their diary in mind."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.archive.model import Category
from apps.archive.quotas import refuse_large
from apps.archive.reader import read_archive
from apps.portability.exports import archived_category, archived_starter
from apps.portability.formats import cronometer, daylio
from apps.portability.formats.errors import MappingNeeded
from apps.portability.formats.kinds import ARCHIVE, another, kind_of_file
from apps.portability.formats.questions import Answers, Question
from apps.portability.formats.report import Reading, report_on
from apps.portability.models import Format
from apps.portability.provenance import with_keys
from apps.wellbeing.starter import starters, starters_in_every_language
from foodmood.names import fold

GUESSED_SCALE = {1, 2, 3, 4, 5}  # what formats.moods.guess() speaks of


@dataclass(frozen=True)
class Moods:
    """What a file's moods become on the scale of one of the person's categories."""

    category: Category
    counts: Mapping[str, int]  # mood → how often it occurs
    mapping: Mapping[str, int]  # mood → value; a mood that only the person can place is not in it

    @property
    def unmapped(self) -> list[str]:
        return [mood for mood in self.counts if mood not in self.mapping]

    @property
    def scale(self) -> dict[int, str]:
        """Value → label, in the scale's order."""
        return {option.value: option.label for option in self.category.options}


@dataclass(frozen=True)
class FileRead:
    """`reading` is None as long as `moods` has some that are unmapped, or a question is open."""

    reading: Reading | None
    moods: Moods | None = None
    restores: bool = False  # an archive says all of a diary; other files add to one
    questions: tuple[Question, ...] = ()

    @property
    def open_questions(self) -> list[Question]:
        return [question for question in self.questions if question.is_open]


class MappingError(ValueError):
    """A value that the scale does not have; the message names it and those there are."""


def read_file(
    *, data: bytes, kind: Format, owner: User, mapping: Mapping[str, int] | None = None, answers: Answers | None = None
) -> FileRead:
    """Raises ArchiveError or FormatError for a file that can't be read, MappingError for a wrong `mapping`.

    `mapping`: mood name → value on the scale; what it leaves out is guessed where that can be done.
    `answers`: of the other questions that the file raises, by their names.
    """
    if kind == Format.FOODMOOD:
        return FileRead(_read_archive(data, owner.zone), restores=True)
    if kind == Format.CRONOMETER:
        asked = cronometer.read_servings(data, zone=owner.zone, answers=answers)
        return FileRead(asked.reading, questions=asked.questions)
    return _read_daylio(data, owner, mapping or {}, answers or {})


def mood_value(text: str) -> int | None:
    """What somebody chose or typed for a mood, or None where that is no whole number of a scale's size."""
    return int(text) if re.fullmatch(r"\s*-?[0-9]{1,5}\s*", text) else None


def _read_archive(data: bytes, zone: ZoneInfo) -> Reading:
    if (found := kind_of_file(data)) and found != ARCHIVE:
        raise another(found, ARCHIVE)
    archive = with_keys(read_archive(data))
    refuse_large(archive)
    times = [meal.eaten_at for meal in archive.meals] + [entry.recorded_at for entry in archive.entries]
    days = {moment.astimezone(zone).date() for moment in times}
    return Reading(archive, report_on(archive, days, rows=len(times)))


def _read_daylio(data: bytes, owner: User, mapping: Mapping[str, int], answers: Answers) -> FileRead:
    category = _mood_category(owner)
    scale = {option.value: option.label for option in category.options}
    for mood, value in mapping.items():
        if value not in scale:
            steps = ", ".join(f"{value} ({label})" for value, label in scale.items())
            raise MappingError(
                _("“%(mood)s” can't become %(value)d: the scale of “%(category)s” has %(steps)s.")
                % {"mood": mood, "value": value, "category": category.name, "steps": steps}
            )
    log = daylio.read_log(data, zone=owner.zone, answers=answers)
    if any(question.is_open for question in log.questions):
        return FileRead(None, questions=log.questions)
    try:
        reading = daylio.read_moods(log, zone=owner.zone, scale=scale, category=category.name)
    except MappingNeeded as needed:
        given = {mood.casefold(): value for mood, value in mapping.items()}
        guesses = needed.guesses if set(scale) == GUESSED_SCALE else {}
        values = {mood: given.get(mood.casefold(), guesses.get(mood)) for mood in needed.moods}
        mapped = {mood: value for mood, value in values.items() if value is not None}
        moods = Moods(category, needed.moods, mapped)
        if moods.unmapped:
            return FileRead(None, moods, questions=log.questions)
        reading = daylio.read_moods(log, zone=owner.zone, mapping=mapped, scale=scale, category=category.name)
        return FileRead(_with_category(reading, category), moods, questions=log.questions)
    return FileRead(_with_category(reading, category), questions=log.questions)


def _mood_category(owner: User) -> Category:
    """The owner's category that has or had that name in any language, their own first, or the starter one, which
    importing then creates.
    """
    with translation.override(owner.language):
        starter = starters()[0]
    keys = [fold(starter.name), *(fold(mood.name) for mood, *_others in starters_in_every_language())]
    present = {row.key: row for row in owner.categories.with_options()}
    former = {alias.key: present[alias.category.key] for alias in owner.category_aliases.select_related("category")}
    row = next((rows[key] for rows in (present, former) for key in keys if key in rows), None)
    return archived_category(row) if row and row.options.all() else archived_starter(starter)


def _with_category(reading: Reading, category: Category) -> Reading:
    """The scale as the person has it, icon, colours and all."""
    return replace(reading, archive=replace(reading.archive, categories=(category,)))
