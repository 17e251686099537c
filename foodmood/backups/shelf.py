"""Where backups lie: STORAGES["backups"], a folder or a bucket.

A backup is NAME.dump and NAME.json, written in that order: without its manifest it is unfinished, and not there.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import InvalidStorageError, Storage, storages

from foodmood.backups import BackupError
from foodmood.backups.manifest import Manifest, moment
from foodmood.backups.sealing import pieces

DUMP, MANIFEST = ".dump", ".json"
ABANDONED = timedelta(days=1)  # an upload that takes longer was broken off


class Moved(File):  # type: ignore[type-arg] # not generic at run time
    """A file that a folder takes in by renaming it, where it can."""

    def temporary_file_path(self) -> str:
        return str(self.name)


def names() -> list[str]:
    """Of all finished backups, the newest first."""
    found = _listed()
    return sorted((name for name in found[MANIFEST] if name in found[DUMP]), reverse=True)


def chosen(name: str) -> str:
    """The name of a finished backup; `latest` is the newest."""
    finished = names()
    if not finished:
        raise BackupError(f"There is no backup in {place()}.")
    if name == "latest":
        return finished[0]
    if name not in finished:
        raise BackupError(f"There is no backup {name} in {place()}: manage.py backups lists what there is.")
    return name


def manifest(name: str) -> Manifest:
    with _speaking() as storage, storage.open(name + MANIFEST) as file:
        text = file.read()
    return Manifest.from_json(text, settings.BACKUP_KEY)


def put_dump(name: str, file: Path) -> None:
    with _speaking() as storage, file.open("rb") as content:
        storage.save(name + DUMP, Moved(content, str(file)))


def put_manifest(name: str, written: Manifest) -> None:
    with _speaking() as storage:
        storage.save(name + MANIFEST, ContentFile(written.to_json(settings.BACKUP_KEY).encode()))


def fetch(name: str, sha256: str, target: Path) -> None:
    """A copy of the dump, whole: one byte otherwise, and nothing else is done with it."""
    digest = hashlib.sha256()
    with _speaking() as storage, storage.open(name + DUMP) as source, target.open("xb") as copy:
        for piece in pieces(source):  # type: ignore[arg-type] # Django's File reads like any other
            digest.update(piece)
            copy.write(piece)
    if digest.hexdigest() != sha256:
        raise BackupError(f"The backup {name} is damaged: its checksum is not the manifest's. Take another one.")


def remove(name: str) -> None:
    """The manifest first: half removed it is not there."""
    with _speaking() as storage:
        storage.delete(name + MANIFEST)
        storage.delete(name + DUMP)


def sweep(now: datetime) -> None:
    """Remove what was never finished."""
    found = _listed()
    for name in found[DUMP] - found[MANIFEST]:
        at = moment(name)
        if at and now - at > ABANDONED:
            remove(name)


def place() -> str:
    if settings.BACKUP_S3_BUCKET:
        return f"the bucket {settings.BACKUP_S3_BUCKET}"
    return f"the folder {settings.BACKUP_DIR}"


def is_set_up() -> bool:
    return bool(settings.BACKUP_DIR or settings.BACKUP_S3_BUCKET)


@contextmanager
def work_folder() -> Iterator[Path]:
    """For what is not finished, beside what is where that is a folder: moved, not copied. Nobody else may look."""
    try:
        with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=settings.BACKUP_DIR) as folder:
            yield Path(folder)
    except OSError as error:
        where = settings.BACKUP_DIR or tempfile.gettempdir()
        raise BackupError(
            f"{where} can't be written to: {error.strerror or error}. Make room or mend its rights; what was begun is"
            " removed, older backups are untouched."
        ) from None


def _listed() -> dict[str, set[str]]:
    with _speaking() as storage:
        files = [Path(file) for file in storage.listdir("")[1]]
    return {
        ending: {file.stem for file in files if file.suffix == ending and moment(file.stem)}
        for ending in (DUMP, MANIFEST)
    }


@contextmanager
def _speaking() -> Iterator[Storage]:
    """The storage, whose failures are told with their mend."""
    try:
        yield storages["backups"]
    except InvalidStorageError:
        raise BackupError(
            "Nowhere to keep backups: set BACKUP_DIR to a folder, or BACKUP_S3_BUCKET. See docs/backup.md."
        ) from None
    except OSError as error:
        raise BackupError(f"Backups can't be kept in {place()}: {error.strerror or error}.") from None
    except BackupError:
        raise
    except Exception as error:  # noqa: BLE001 -- each service has failures of its own
        raise BackupError(f"Backups can't be kept in {place()}: {error}.") from None
