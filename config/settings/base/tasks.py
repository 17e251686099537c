Q_CLUSTER = {
    "name": "foodmood",
    "orm": "default",  # tasks are written with the transaction that causes them
    "workers": 2,
    "timeout": 300,
    "retry": 360,
    "max_attempts": 5,
    "catch_up": False,
    "poll": 1,  # seconds between looks at an empty queue
    "guard_cycle": 1,
    "cache": "worker",
    "save_limit": 20,  # of each function's successes
    "save_limit_per": "func",
}
# The worker notes every second how it does: in its own memory, because in the database it would be two writes a second.
CACHES["worker"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "worker"}

# What is done again and again: name → function and minutes between. `manage.py release` brings them to the worker.
SCHEDULES = {
    "send queued mail": {"func": "foodmood.mail.sending.send_due", "minutes": 1},
    "forget mail that was set aside": {"func": "foodmood.mail.sending.forget_set_aside", "minutes": 24 * 60},
    "reminders": {"func": "apps.journal.reminders.send_reminders", "minutes": 5},
    "purge": {"func": "apps.accounts.purge.purge", "minutes": 24 * 60},
}
