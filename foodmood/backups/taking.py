"""A backup is taken: dumped, sealed, stored, read again; only then older ones may go."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from foodmood.backups import BackupError, shelf
from foodmood.backups.databases import Database, live
from foodmood.backups.manifest import Manifest, moment, stamp
from foodmood.backups.models import BackupRun, recorded
from foodmood.backups.retention import kept
from foodmood.backups.sealing import pieces, seal, unseal


def backup() -> tuple[str, Manifest]:
    """The new backup's name and manifest. Raises BackupError; then older ones are as they were, and no half is left."""
    if not shelf.is_set_up():
        raise BackupError(
            "Nowhere to keep backups: set BACKUP_DIR to a folder, or BACKUP_S3_BUCKET. See docs/backup.md."
        )
    database = live()
    with recorded(BackupRun.Kind.BACKUP) as run, database.alone("backup"), shelf.work_folder() as folder:
        name, manifest = _dump(database, folder)
        _store(name, manifest, database, folder)
        run.size = manifest.size
        _prune()
    return name, manifest


def open_dump(file: Path, manifest: Manifest) -> Iterator[bytes]:
    """What the vendor's tool wrote, of a local copy of a backup."""
    with file.open("rb") as source:
        yield from unseal(source, settings.BACKUP_KEY) if manifest.encrypted else pieces(source)


def fetch_checked(name: str, manifest: Manifest, database: Database, folder: Path) -> Path:
    """A local copy of a backup that is known to be whole, open and readable to its end."""
    file = folder / f"{name}.fetched"
    shelf.fetch(name, manifest.sha256, file)
    database.check(open_dump(file, manifest), folder)
    return file


def _dump(database: Database, folder: Path) -> tuple[str, Manifest]:
    created_at = timezone.now().replace(microsecond=0)
    name = stamp(created_at)
    if name in shelf.names():
        raise BackupError("A backup was taken in this very second: that one will do.")
    digest, size = hashlib.sha256(), 0
    with database.dumped(folder) as (contents, dump), (folder / name).open("xb") as file:
        for piece in seal(dump, settings.BACKUP_KEY) if settings.BACKUP_KEY else dump:
            digest.update(piece)
            size += len(piece)
            file.write(piece)
    manifest = Manifest(
        created_at=created_at,
        version=settings.VERSION,
        engine=database.engine,
        server=database.version(),
        encrypted=bool(settings.BACKUP_KEY),
        size=size,
        sha256=digest.hexdigest(),
        contents=contents,
    )
    return name, manifest


def _store(name: str, manifest: Manifest, database: Database, folder: Path) -> None:
    try:
        shelf.put_dump(name, folder / name)
        fetch_checked(name, manifest, database, folder)
        shelf.put_manifest(name, manifest)
        shelf.manifest(name)
    except BaseException:
        shelf.remove(name)
        raise


def _prune() -> None:
    now = timezone.now()
    names = {at: name for name in shelf.names() if (at := moment(name))}
    stay = kept(names, settings.BACKUP_PLAN, now)
    for at, name in names.items():
        if at not in stay:
            shelf.remove(name)
    shelf.sweep(now)
