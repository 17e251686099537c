from typing import Any

from foodmood.backups import shelf
from foodmood.backups.commands import BackupCommand, megabytes
from foodmood.backups.taking import backup


class Command(BackupCommand):
    help = "Back the database up, read the backup again, then remove those that are older than they have to be."

    def handle(self, *args: Any, **options: Any) -> None:
        name, manifest = backup()
        contents = manifest.contents
        self.stdout.write(
            f"{name}: {contents.rows} rows in {len(contents.tables)} tables, {megabytes(manifest.size)},"
            f" {'encrypted' if manifest.encrypted else 'not encrypted'}, in {shelf.place()}."
        )
