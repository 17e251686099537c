# The worker is ours, foodmood/tasks/: what django-q2 would do with further settings, it does not do here.
Q_CLUSTER = {
    "name": "foodmood",
    "orm": "default",
    "redis": env["REDIS_URL"],
    "broker_class": {
        "database": "foodmood.tasks.brokers.DatabaseBroker",
        "redis": "foodmood.tasks.redis_broker.RedisBroker",
    }[env["TASK_BROKER"]],
    "workers": 2,  # a long task leaves one for the mail
    "timeout": 300,  # seconds for one task, unless its schedule says otherwise: then it has failed
    "retry": 301,  # unused: a lease is renewed for as long as its task is worked at; django-q2 wants it above timeout
    "max_attempts": 5,  # 10 s, 1, 6 and 36 minutes apart: an outage of half an hour is outlived; then it is set aside
    "catch_up": False,  # what should have run five times while no worker ran, runs once
    "poll": 1,  # seconds between looks at an empty queue
    "save_limit": 20,  # of each function's successes
    "save_limit_per": "func",
}

# What is done again and again: name → function, and either `minutes` between or the hour `at` which, in UTC, each day;
# with `timeout`, if it may take longer than others. `manage.py release` brings them to the worker. Each may be run
# twice at any time: docs/background-work.md.
SCHEDULES = {
    "send queued mail": {"func": "foodmood.mail.sending.send_due", "minutes": 1},
    "forget mail that was set aside": {"func": "foodmood.mail.sending.forget_set_aside", "at": "03:40"},
    "reminders": {"func": "apps.journal.reminders.send_reminders", "minutes": 5},
    "purge": {"func": "apps.accounts.purge.purge", "at": "03:30"},
}
