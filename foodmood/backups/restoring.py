"""A backup is restored: never over what is there, and never by parts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone

from foodmood.audit.models import Event, SecurityEvent
from foodmood.backups import BackupError, shelf
from foodmood.backups.contents import differences
from foodmood.backups.databases import Database, drilled, live, within
from foodmood.backups.manifest import Manifest
from foodmood.backups.models import BackupRun, recorded
from foodmood.backups.taking import fetch_checked, open_dump
from foodmood.explanations import explain


@dataclass
class Restored:
    """`aside` is what the database that was replaced is called now; `deleted` are accounts that are back."""

    manifest: Manifest
    aside: str | None = None
    deleted: list[int] = field(default_factory=list)


def restore(name: str, target: Database, *, replace: bool = False) -> Restored:
    """Into an empty or missing database, or in place of a full one, which is kept under another name.

    Raises BackupError, and the target is as it was: the file is checked to its end before anything is touched, what is
    restored is held against the manifest, and takes the target's name only then.
    """
    manifest = _manifest_for(name, target)
    state = target.state()
    if state == "full" and not replace:
        raise BackupError(
            f"{target.name} is not empty, and nothing was touched. Restore beside it with --into ANOTHER_NAME, or say"
            " --replace: it is kept under another name."
        )
    connections.close_all()
    if state == "full":
        target.refuse_in_use()
    now = f"{timezone.now():%Y%m%d%H%M%S}"
    with shelf.work_folder() as folder:
        file = fetch_checked(name, manifest, target, folder)
        if state == "empty":
            _load(file, manifest, target, folder)
            return Restored(manifest)
        new, aside = target.beside(f"restoring_{now}"), target.beside(f"before_{now}")
        with _dropped_on_failure(new):
            new.create()
            _load(file, manifest, new, folder)
            target.swap(new.name, aside.name)
    if state == "missing":
        return Restored(manifest)
    return Restored(manifest, aside.name, _deleted_since(manifest, aside))


def drill() -> tuple[str, Manifest]:
    """Restore the newest backup into a scratch database, compare, migrate, check, and clean up after it."""
    with recorded(BackupRun.Kind.DRILL) as run, live().alone("drill"), shelf.work_folder() as folder:
        for left in drilled().left_over("drill_"):
            left.drop()
        name = shelf.chosen("latest")
        place = drilled().beside(f"drill_{timezone.now():%Y%m%d%H%M%S}")
        manifest = _manifest_for(name, place)
        run.size = manifest.size
        file = fetch_checked(name, manifest, place, folder)
        try:
            place.create()
            _load(file, manifest, place, folder)
            within(place, _bring_up)
        finally:
            place.drop()
    return name, manifest


def _bring_up() -> None:
    """What a release would do with it."""
    try:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("check", databases=["default"], stdout=StringIO())
    except Exception as error:  # a migration fails in its own way, with a message that may repeat rows
        told = str(error) if isinstance(error, CommandError) else explain(error)
        raise BackupError(
            f"It was restored well, but this version's migrations and checks fail on it: {told}"
        ) from error


def _manifest_for(name: str, target: Database) -> Manifest:
    try:
        manifest = shelf.manifest(name)
    except BackupError as error:
        raise BackupError(f"The backup {name} can't be used. {error}") from None
    if manifest.engine != target.engine:
        raise BackupError(f"The backup {name} is of {manifest.engine}, and {target.name} is {target.engine}.")
    return manifest


def _load(file: Path, manifest: Manifest, place: Database, folder: Path) -> None:
    place.load(open_dump(file, manifest), folder)
    found = list(differences(manifest.contents, place.contents()))
    if found:
        raise BackupError("\n  ".join([f"What was restored into {place.name} is not what was backed up:", *found]))


@contextmanager
def _dropped_on_failure(database: Database) -> Iterator[None]:
    try:
        yield
    except BaseException:
        database.drop()
        raise


def _deleted_since(manifest: Manifest, before: Database) -> list[int]:
    """Accounts that the restored database has again, by number: they were deleted after the backup was taken."""
    gone: list[int] = []

    def read() -> None:
        events = SecurityEvent.objects.filter(event=Event.ACCOUNT_DELETED, at__gte=manifest.created_at)
        gone.extend(number for number in events.values_list("person", flat=True) if number is not None)

    try:
        within(before, read)
    except Exception:  # noqa: BLE001 -- it may be damaged: that is why it was replaced
        return []
    return sorted(set(gone))
