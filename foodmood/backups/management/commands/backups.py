from typing import Any

from foodmood.backups import BackupError, shelf
from foodmood.backups.commands import BackupCommand, megabytes


class Command(BackupCommand):
    help = "List the backups, the newest first."

    def handle(self, *args: Any, **options: Any) -> None:
        names = shelf.names()
        if not names:
            self.stdout.write(f"There is no backup in {shelf.place()}.")
        for name in names:
            self.stdout.write(f"{name}  {_described(name)}")


def _described(name: str) -> str:
    try:
        manifest = shelf.manifest(name)
    except BackupError as error:
        return str(error)
    sealed = "encrypted" if manifest.encrypted else "not encrypted"
    rows = f"{manifest.contents.rows} rows"
    return f"{megabytes(manifest.size):>12}  {rows:>12}  {manifest.engine}  FoodMood {manifest.version}  {sealed}"
