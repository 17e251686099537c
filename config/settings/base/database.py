from config.database import command, postgresql, timeouts
from foodmood.sqlite_file import PrivateConnection

if env["DATABASE_URL"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES = {"default": env["DATABASE_URL"] | {"ATOMIC_REQUESTS": False}}
    DATABASES["default"]["OPTIONS"] = {
        # A writer takes its lock when its transaction begins, so that waiting for it can succeed;
        # readers go on beside it.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "factory": PrivateConnection,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES = {"default": postgresql(env, command()) | {"ATOMIC_REQUESTS": False}}

DATABASE_POOL = env["DATABASE_POOL"]
DATABASE_TIMEOUTS = timeouts(env)
DATABASE_WAIT = env["DATABASE_WAIT"]
SLOW_QUERY_MS = env["SLOW_QUERY_MS"]
