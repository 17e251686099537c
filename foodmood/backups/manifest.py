"""What is written down beside each dump."""

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Self

from foodmood.backups import BackupError
from foodmood.backups.contents import Contents, Table

FORMAT = 1


@dataclass(frozen=True)
class Manifest:
    """`sha256` and `size` are those of the file as it lies in the storage."""

    created_at: datetime
    version: str  # FoodMood's
    engine: str
    server: str
    encrypted: bool
    size: int
    sha256: str
    contents: Contents

    def to_json(self, key: str) -> str:
        """Sealed: with a key nobody else can write one, without it damage still shows."""
        body = asdict(self) | {"created_at": self.created_at.isoformat(), "format": FORMAT}
        return json.dumps(body | {"seal": _seal(body, key)}, indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text: str | bytes, key: str) -> Self:
        try:
            body: dict[str, Any] = json.loads(text)
            seal = body.pop("seal")
            if hmac.compare_digest(seal, _seal(body, key)):
                return cls._of(body)
            encrypted = body["encrypted"]
        except (ValueError, TypeError, KeyError, AttributeError):
            raise BackupError("Its manifest is damaged. Take an older backup: manage.py backups.") from None
        if encrypted and not key:
            raise BackupError("It is encrypted: set BACKUP_KEY to the key that it was made with.")
        if key and not encrypted:
            raise BackupError(
                "It is not encrypted, though BACKUP_KEY is set. To trust it all the same, unset BACKUP_KEY."
            )
        raise BackupError("Its manifest is damaged, or BACKUP_KEY is not the one that it was made with.")

    @classmethod
    def _of(cls, body: dict[str, Any]) -> Self:
        if body.pop("format") != FORMAT:
            raise BackupError("It was made by a newer FoodMood: restore it with that version.")
        tables = {name: Table(**table) for name, table in body["contents"]["tables"].items()}
        contents = Contents(tables, body["contents"]["migrations"])
        return cls(**body | {"created_at": datetime.fromisoformat(body["created_at"]), "contents": contents})


def _seal(body: dict[str, Any], key: str) -> str:
    text = json.dumps(body, sort_keys=True).encode()
    return hmac.new(f"FoodMood manifest {key}".encode(), text, hashlib.sha256).hexdigest()


def stamp(at: datetime) -> str:
    return at.strftime("%Y%m%dT%H%M%SZ")


def moment(name: str) -> datetime | None:
    """When a backup of this name was taken; None when it is no name of ours."""
    try:
        return datetime.strptime(name, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
