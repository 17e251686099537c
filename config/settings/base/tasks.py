Q_CLUSTER = {
    "name": "foodmood",
    "orm": "default",  # tasks are written with the transaction that causes them
    "workers": 2,
    "timeout": 300,
    "retry": 360,
    "max_attempts": 5,
    "catch_up": False,
}

# What the worker does by itself, synced by `manage.py release`.
SCHEDULES = {
    "purge": {"func": "apps.accounts.purge.purge", "minutes": 24 * 60},
}
