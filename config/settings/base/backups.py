import tomllib

from config.env import BASE_DIR, notices
from foodmood.backups.retention import Plan

# Whose backup it is: what a restore has to run with.
VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

ENVIRONMENT = "config.env.given"  # a function: what it returns is nothing to keep
ENVIRONMENT_NOTICES = notices(env["DJANGO_ENV"])

BACKUP_DIR = env["BACKUP_DIR"]
BACKUP_S3_BUCKET = env["BACKUP_S3_BUCKET"]
BACKUP_KEY = env["BACKUP_KEY"] or ""
BACKUP_DRILL_DATABASE = env["BACKUP_DRILL_URL"]
BACKUP_PLAN = Plan(
    daily=env["BACKUP_KEEP_DAILY"],
    weekly=env["BACKUP_KEEP_WEEKLY"],
    monthly=env["BACKUP_KEEP_MONTHLY"],
    longest=RETENTION["backups"],
)

if BACKUP_S3_BUCKET:
    STORAGES["backups"] = {
        "BACKEND": "storages.backends.s3.S3Storage",  # loaded, and boto3 with it, only when a backup is taken
        "OPTIONS": {
            "bucket_name": BACKUP_S3_BUCKET,
            "location": env["BACKUP_S3_PREFIX"],
            "endpoint_url": env["BACKUP_S3_ENDPOINT"],
            "region_name": env["BACKUP_S3_REGION"],
            "access_key": env["BACKUP_S3_ACCESS_KEY_ID"],
            "secret_key": env["BACKUP_S3_SECRET_ACCESS_KEY"],
            "file_overwrite": True,  # no other process writes a backup's name
            "max_memory_size": 8 * 1024 * 1024,  # what is longer is read by way of a file
        },
    }
elif BACKUP_DIR:
    STORAGES["backups"] = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": BACKUP_DIR, "file_permissions_mode": 0o600},
    }

if BACKUP_S3_BUCKET or BACKUP_DIR:
    SCHEDULES |= {
        "backup": {"func": "foodmood.backups.scheduled.backup", "at": "02:30"},
        "backup drill": {"func": "foodmood.backups.scheduled.drill", "minutes": 7 * 24 * 60},
    }
