from pathlib import Path

from config.env import VAR_DIR

MONITORING_TOKEN = env["MONITORING_TOKEN"]
METRICS_PORT = env["METRICS_PORT"]
WEB_BIND = env["BIND"] or [f"0.0.0.0:{env['PORT']}"]  # where `manage.py ready` asks

PROBE_PATIENCE = 2  # seconds; what takes longer to look at is not well. Probes themselves wait for 3 to 5
PROBE_FRESH = 2  # seconds for which what was found is told again: probes cost next to nothing, however many come

# What has to have room: a name for it → a folder. One that is not there is not in use.
DISKS = {"var": VAR_DIR}
if env["BACKUP_DIR"]:
    DISKS["backups"] = env["BACKUP_DIR"]
if env["LOG_DIR"]:
    DISKS["log"] = env["LOG_DIR"]
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DISKS["database"] = Path(DATABASES["default"]["NAME"]).parent
