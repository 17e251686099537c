"""What the environment may say of backups (docs/backup.md)."""

from pathlib import Path

from config.database import database
from config.parsers import count, days, folder, origin, text
from config.variables import BadValueError, Variable


def whole_path(value: str) -> Path:
    if not Path(value).is_absolute():
        raise BadValueError(f"is {value!r}: write its whole path, e.g. /srv/backups/foodmood")
    return folder(value)


def backup_key(value: str) -> str:
    shortest = 43  # 32 random bytes
    if len(value) < shortest or len(set(value)) < shortest // 3:
        raise BadValueError(
            "is too easy to guess: make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    return value


BACKUP_VARIABLES = (
    Variable(
        "BACKUP_DIR",
        whole_path,
        "A folder for backups, on another disk. With a bucket, the one where they are worked on.",
        example="/srv/backups/foodmood",
    ),
    Variable("BACKUP_S3_BUCKET", text, "A bucket for backups, at Amazon's S3 or anything that speaks like it."),
    Variable("BACKUP_S3_PREFIX", text, "What the names in the bucket begin with.", default="foodmood"),
    Variable(
        "BACKUP_S3_ENDPOINT",
        origin,
        "Where that bucket is, if it is not Amazon's.",
        example="https://s3.example.org",
    ),
    Variable("BACKUP_S3_REGION", text, "Its region.", example="eu-central-1"),
    Variable("BACKUP_S3_ACCESS_KEY_ID", text, "A key that may list, read, write and delete there."),
    Variable("BACKUP_S3_SECRET_ACCESS_KEY", text, "That key's secret.", needed_for=("BACKUP_S3_ACCESS_KEY_ID",)),
    Variable(
        "BACKUP_KEY",
        backup_key,
        "Encrypts backups. Keep a copy elsewhere: without it nobody, you included, can ever read them.",
    ),
    Variable("BACKUP_KEEP_DAILY", days, "Of how many days the last backup is kept.", default="7"),
    Variable("BACKUP_KEEP_WEEKLY", count, "Of how many weeks the last backup is kept.", default="4"),
    Variable("BACKUP_KEEP_MONTHLY", count, "Of how many months the last backup is kept.", default="0"),
    Variable(
        "BACKUP_RETENTION_DAYS",
        days,
        "No backup is kept for longer, whatever else is said. Pages and mails tell it to who deletes an account.",
        default="30",
    ),
    Variable(
        "BACKUP_DRILL_URL",
        database,
        "A server on which drills may create a database. Not set: the one of DATABASE_URL.",
        example="postgres://drill:password@localhost:5432/foodmood",
    ),
)
