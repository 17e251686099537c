from datetime import timedelta

# What is kept, and for how long. apps/accounts/purge.py holds to it; docs/privacy.md and /privacy/ tell people.
RETENTION = {
    "backups": timedelta(days=env["BACKUP_RETENTION_DAYS"]),
    "unconfirmed_accounts": timedelta(days=30),
    "log_in_attempts": timedelta(days=30),
    "invitations": timedelta(days=30),  # after they expired
    "mail": timedelta(days=30),  # set aside, because nobody took it
    "task_results": timedelta(days=7),
    "submissions": timedelta(days=2),  # nobody sends a form again after that
    "tasks": timedelta(days=30),  # set aside, because no worker could do them
    "unknown_log_ins": timedelta(days=7),
    "security_events": timedelta(days=365),
    "admin_log": timedelta(days=365),
}
SESSION_COOKIE_AGE = env["SESSION_IDLE_DAYS"] * 24 * 60 * 60
SESSION_MAX_AGE = env["SESSION_MAX_DAYS"] * 24 * 60 * 60  # from the log-in on: foodmood/sessions.py
