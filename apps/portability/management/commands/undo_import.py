from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.portability.management.commands.export_diary import owner_named
from apps.portability.models import Import
from apps.portability.taking import MOST_TOLD
from apps.portability.undo import plan_undo, undo_import


class Command(BaseCommand):
    help = "List a person's imports, or undo one: remove what it added and the person did not change since."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user", required=True, metavar="EMAIL", help="whose diary")
        parser.add_argument("--dry-run", action="store_true", help="say what would be removed, and remove nothing")
        parser.add_argument(
            "number", nargs="?", type=int, metavar="NUMBER", help="of the import; without it, list them"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        owner = owner_named(options["user"])
        if options["number"] is None:
            for imported in owner.imports.all().iterator():
                self.stdout.write(f"{imported.pk:>8}  {imported}: {', '.join(imported.described())}")
            return
        try:
            imported = owner.imports.get(pk=options["number"])
        except Import.DoesNotExist:
            raise CommandError(
                f"{owner.email} has no import {options['number']}: leave the number out to list them."
            ) from None
        plan = (plan_undo if options["dry_run"] else undo_import)(imported)
        done = "Would be removed" if options["dry_run"] else "Removed"
        self.stdout.write(f"{done}: {', '.join(plan.described()) or 'nothing'}.")
        for each in plan.stays[:MOST_TOLD]:
            self.stdout.write(f"  {each.name} stays: {each.reason}")
        if len(plan.stays) > MOST_TOLD:
            self.stdout.write(f"  and {len(plan.stays) - MOST_TOLD} more stay")
