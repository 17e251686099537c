from typing import Any

from django.core.management.base import CommandParser

from foodmood.backups import shelf
from foodmood.backups.commands import BackupCommand
from foodmood.backups.databases import at, live
from foodmood.backups.restoring import restore


class Command(BackupCommand):
    help = "Restore a backup, and hold what is there then against its manifest. What is not empty is never written to."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("backup", help="its name, as `backups` lists it; latest is the newest")
        parser.add_argument(
            "--into",
            metavar="NAME_OR_URL",
            help="another database beside, by its name, or one elsewhere, by its URL. Where that has a password, set"
            " DATABASE_URL instead: everybody on this machine can list the arguments of what runs",
        )
        parser.add_argument(
            "--replace", action="store_true", help="where it is not empty: keep that under another name"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        target = at(options["into"]) if options["into"] else live()
        name = shelf.chosen(options["backup"])
        restored = restore(name, target, replace=options["replace"])
        contents = restored.manifest.contents
        self.stdout.write(
            f"{name} is restored into {target.name}: {contents.rows} rows in {len(contents.tables)} tables are as they"
            f" were. It was made by FoodMood {restored.manifest.version}: manage.py release brings it up to date."
        )
        if restored.aside:
            self.stdout.write(f"What was there before is kept as {restored.aside}: drop it when you are sure.")
        if restored.deleted:
            numbers = " ".join(map(str, restored.deleted))
            self.stdout.write(
                f"{len(restored.deleted)} account(s) were deleted after this backup and may be back. Delete them again:"
                f"\n  manage.py delete_account --numbers {numbers}"
            )
