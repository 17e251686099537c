import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from foodmood.backups.databases import live
from tests.services import program


@pytest.fixture(autouse=True)
def _tools() -> None:
    """PostgreSQL is dumped by its own tools."""
    if connection.vendor == "postgresql":
        for tool in ("pg_dump", "pg_restore"):
            program(tool, "postgresql-client")


@pytest.fixture
def shelf_folder(tmp_path: Path, settings: Settings) -> Path:
    """BACKUP_DIR."""
    folder = tmp_path / "backups"
    folder.mkdir()
    settings.BACKUP_DIR = folder
    storage = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": folder, "file_permissions_mode": 0o600},
    }
    settings.STORAGES = settings.STORAGES | {"backups": storage}
    return folder


@pytest.fixture
def side() -> Iterator[str]:
    """The name of a database beside the tests' own, which is not there yet."""
    name = f"side_{uuid.uuid4().hex[:12]}"
    yield name
    for left in [*live().called(name).left_over(""), live().called(name)]:
        left.drop()
