from typing import Any

from foodmood.backups.commands import BackupCommand
from foodmood.backups.restoring import drill


class Command(BackupCommand):
    help = "Restore the newest backup into a scratch database, compare it, migrate and check it, and clean up."

    def handle(self, *args: Any, **options: Any) -> None:
        name, manifest = drill()
        contents = manifest.contents
        self.stdout.write(
            f"{name} can be restored: {contents.rows} rows in {len(contents.tables)} tables are as they were;"
            " migrations and checks pass on them."
        )
