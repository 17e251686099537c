from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts.operators import note, tell_of_diary
from apps.archive.problems import Refusal, shown
from apps.meals.models import Meal
from apps.portability.actions import Origin, import_archive
from apps.portability.choices import Choices
from apps.portability.formats.groups import BY_TIME
from apps.portability.formats.questions import (
    DATES,
    DAY_FIRST,
    GROUP,
    HALF_HOUR,
    MEALS,
    MONTH_FIRST,
    WHOLE_DAY,
    Question,
)
from apps.portability.formats.report import Report
from apps.portability.management.commands.export_diary import owner_named
from apps.portability.merging import plan_import
from apps.portability.models import Format
from apps.portability.plan import LeftAlone, MergeConflictError, Plan
from apps.portability.reading import MappingError, Moods, mood_value, read_file
from apps.portability.taking import MOST_TOLD
from foodmood.audit.models import Event


class Command(BaseCommand):
    help = "Add a file's meals and entries to a person's diary: all of it or nothing, and nothing twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user", required=True, metavar="EMAIL", help="whose diary")
        parser.add_argument("--format", required=True, choices=Format.values, help="what the file is")
        parser.add_argument(
            "--replace-changed",
            action="store_true",
            help="where an earlier import brought a row and the person changed it, write what the file says now",
        )
        parser.add_argument(
            "--restore-deleted",
            action="store_true",
            help="where an earlier import brought a row and the person deleted it, add it again",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be added, and add nothing")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="MOOD=VALUE",
            help='what a mood of the file is on the scale, such as "Gut=4"; repeat it for each',
        )
        parser.add_argument(
            "--group",
            action="append",
            default=[],
            metavar="GROUP=CATEGORY",
            help='what a group of a Cronometer file is, such as "Pre-Workout=SNACK"; repeat it for each',
        )
        parser.add_argument(
            "--dates", choices=[DAY_FIRST, MONTH_FIRST], help="what comes first in dates such as 11/3/2022"
        )
        parser.add_argument(
            "--meals",
            choices=[HALF_HOUR, WHOLE_DAY],
            help="which rows of a Cronometer file are one meal: those of one group within half an hour (default),"
            " or all of one group and day",
        )
        parser.add_argument("file", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        owner = owner_named(options["user"])
        try:
            data = Path(options["file"]).read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']} can't be read: {error.strerror}.") from error
        try:
            found = read_file(
                data=data,
                kind=Format(options["format"]),
                owner=owner,
                mapping=_mapping(options["map"]),
                answers=_answers(options),
            )
            self._print_questions(found.questions)
            if found.open_questions:
                raise CommandError("Answer each question marked ?, with --group or --dates.")
            if found.moods:
                self._print_moods(found.moods)
            if found.reading is None:
                raise CommandError("Give each mood marked ? a value, with --map.")
            self._print_report(found.reading.report)
            arguments: dict[str, Any] = {
                "owner": owner,
                "archive": found.reading.archive,
                "restore": found.restores,
                "choices": Choices(options["replace_changed"], options["restore_deleted"]),
            }
            if options["dry_run"]:
                plan = plan_import(**arguments)
            else:
                origin = Origin(Format(options["format"]), Path(options["file"]).name)
                plan = import_archive(**arguments, origin=origin)
        except (Refusal, MappingError, MergeConflictError) as error:
            raise CommandError(f"Nothing was imported.\n{error}") from error
        if found.reading.report.is_empty:
            self.stdout.write("Nothing is added: no row of this file can be imported.")
            return
        if not options["dry_run"]:
            note(Event.DIARY_CHANGED, owner)
            tell_of_diary(owner)
        self._print_plan(plan, "Would be added" if options["dry_run"] else "Added")

    def _print_moods(self, moods: Moods) -> None:
        self.stdout.write(f"Moods become “{moods.category.name}”:")
        for mood, count in moods.counts.items():
            value = moods.mapping.get(mood)
            becomes = "?" if value is None else f"{value} ({moods.scale[value]})"
            self.stdout.write(f"  {mood} → {becomes}   {count} times")

    def _print_questions(self, questions: tuple[Question, ...]) -> None:
        for question in questions:
            answer = dict(question.choices).get(question.answer)
            rows = f"   rows: {question.count}" if question.count else ""
            self.stdout.write(f"{question.label} → {answer or '?'}{rows}")
            if answer is None:
                self.stdout.write(f"  choose from {', '.join(value for value, _label in question.choices)}")

    def _print_report(self, report: Report) -> None:
        self.stdout.write(f"Read {report.rows} rows, {report.first_day or '–'} to {report.last_day or '–'}.")
        if report.blank_times:
            self.stdout.write(
                f"  {report.blank_times} without a time join their meal, or get the usual hour as a guess"
            )
        for thing, count in report.left_out.items():
            self.stdout.write(f"  {count} {thing} are left out")
        for notice in report.notices:
            self.stdout.write(f"  {notice}")
        if report.unread:
            self.stdout.write(f"  Rows that can't be read and are left out: {report.unread.count}")
        for problem in report.unread.problems:
            self.stdout.write(f"    {problem}")

    def _print_plan(self, plan: Plan, done: str) -> None:
        self.stdout.write(plan.counted())
        self._print_left_alone(plan.changed, "changed in the diary, left as they are", "--replace-changed")
        self._print_left_alone(plan.deleted, "deleted from the diary, left out", "--restore-deleted")
        if plan.is_empty:
            self.stdout.write("Everything in the file is there already: nothing is added.")
            return
        if described := plan.described():
            self.stdout.write(f"{done}: {', '.join(described)}.")
        if plan.time_zone:
            self.stdout.write(f"  time zone: {plan.time_zone}")
        if plan.replaced_starters:
            names = ", ".join(row.name for row in plan.replaced_starters)
            self.stdout.write(f"  untouched starter categories give way: {names}")

    def _print_left_alone(self, rows: list[LeftAlone], reason: str, option: str) -> None:
        if rows:
            self.stdout.write(f"{len(rows)} {reason} ({option} does otherwise):")
        for row in rows[:MOST_TOLD]:
            own = f", in the diary {row.diary}" if row.diary else ""
            self.stdout.write(f"  {row.at:%Y-%m-%d %H:%M} UTC  {row.name}: {row.file or '–'}{own}")
        if len(rows) > MOST_TOLD:
            self.stdout.write(f"  and {len(rows) - MOST_TOLD} more")


def _answers(options: dict[str, Any]) -> dict[str, str]:
    answers = {name: options[name] for name in (DATES, MEALS) if options[name]}
    for pair in options["group"]:
        group, _equals, category = pair.rpartition("=")
        if not group.strip() or category.strip().upper() not in {*Meal.Category.values, BY_TIME}:
            raise CommandError(
                f"--group {shown(pair)}: write it like --group Pre-Workout=SNACK; the categories are"
                f" {', '.join([*Meal.Category.values, BY_TIME])}."
            )
        answers[f"{GROUP}{' '.join(group.split())}"] = category.strip().upper()
    return answers


def _mapping(pairs: list[str]) -> dict[str, int]:
    mapping = {}
    for pair in pairs:
        mood, _equals, text = pair.rpartition("=")
        value = mood_value(text)
        if not mood.strip() or value is None:
            raise CommandError(f"--map {shown(pair)}: write it like --map Gut=4.")
        mapping[mood.strip()] = value
    return mapping
