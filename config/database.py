"""What the environment may say of connections to the database, and what follows for Django (docs/database.md)."""

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import environ

from config.folders import BASE_DIR, VAR_DIR
from config.parsers import check_login, count, existing_file, one_of, positive, whole_number
from config.variables import BadValueError, Variable

SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")

# Options that Django takes beside those of PostgreSQL's client.
OF_DJANGO = {"assume_role", "isolation_level", "prepare_threshold", "server_side_binding"}

# A host that vanished is noticed within a minute, not within two hours.
NOTICE_THE_DEAD = {
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}


seconds = whole_number(0, 2_147_483)  # PostgreSQL counts milliseconds in 32 bits


def database(value: str) -> dict[str, Any]:
    """The DATABASES entry for a URL. A relative SQLite path starts at the project's folder."""
    mend = (
        "write postgres://USER:PASSWORD@HOST:5432/NAME, special characters as %xx, or"
        " sqlite:////absolute/path/foodmood.sqlite3"
    )
    if not re.match(r"(sqlite|postgres|postgresql)://", value):
        raise BadValueError(f"has an unknown scheme: {mend}")
    value = value.replace("#", "%23")  # no URL of a database has a fragment
    if not value.startswith("sqlite:"):
        check_login(value)
    try:
        config: dict[str, Any] = dict(environ.Env.db_url_config(value))
    except ValueError as error:  # such as a port that is no number
        raise BadValueError(f"can't be read: {mend}") from error
    if config["ENGINE"] == "django.db.backends.sqlite3":
        if config["NAME"] != ":memory:":
            path = BASE_DIR / config["NAME"]
            if path.parent == VAR_DIR:
                VAR_DIR.mkdir(exist_ok=True)
            if not path.parent.is_dir():
                raise BadValueError(
                    f"names a file in {path.parent}, which is not there: create that folder, or mount it"
                )
            if path.is_dir():
                raise BadValueError(f"names {path}, which is a folder: name a file in it")
            config["NAME"] = str(path)
    elif not config["NAME"]:
        raise BadValueError(f"names no database: {mend}")
    else:
        config["HOST"] = unquote(config["HOST"])  # a socket's folder: %2Fvar%2Frun%2Fpostgresql
        _check_options(config.get("OPTIONS", {}))
    return config


def _check_options(options: Mapping[str, Any]) -> None:
    """Refuse what PostgreSQL's client would refuse at the first connection."""
    if not options:
        return
    from psycopg.pq import Conninfo  # noqa: PLC0415 -- not loaded for SQLite

    known = {option.keyword.decode() for option in Conninfo.get_defaults()} | OF_DJANGO
    for name, value in options.items():
        if name not in known:
            raise BadValueError(f"has the option {name!r}, which PostgreSQL's client doesn't know: check its spelling")
        if name == "sslmode":
            try:
                one_of(*SSL_MODES)(str(value))
            except BadValueError as problem:
                raise BadValueError(f"has the option sslmode, which {problem}") from None


def on_postgresql(value: str) -> dict[str, Any]:
    if value.startswith("sqlite:"):
        raise BadValueError("names a SQLite file, which has no way around a pool: leave it blank")
    return database(value)


def kept(value: dict[str, Any]) -> None:
    if value["NAME"] == ":memory:":
        raise BadValueError("names a database in memory, gone with its process: name a file, or use PostgreSQL")


DATABASE_VARIABLES = (
    Variable(
        "DATABASE_POOL",
        one_of("none", "psycopg", "pgbouncer"),
        "How the web shares connections: none (each thread keeps one), psycopg (a pool in each process) or pgbouncer"
        " (DATABASE_URL leads to a PgBouncer in transaction mode).",
        default="none",
    ),
    Variable(
        "DATABASE_POOL_SIZE",
        positive,
        "With psycopg: connections of each web process at most. Not set, WEB_THREADS.",
    ),
    Variable(
        "DATABASE_STATEMENT_TIMEOUT",
        seconds,
        "Seconds that one statement of a web request may take; 0 for any. With pgbouncer the role must have it.",
        default="15",
    ),
    Variable(
        "DATABASE_LOCK_TIMEOUT",
        seconds,
        "Seconds that a web request waits for a lock; 0 for any. With pgbouncer as above.",
        default="5",
    ),
    Variable(
        "DATABASE_IDLE_TIMEOUT",
        seconds,
        "Seconds that a web request may leave a transaction alone; 0 for any. With pgbouncer as above.",
        default="30",
    ),
    Variable(
        "DATABASE_SSLMODE",
        one_of(*SSL_MODES),
        f"TLS to PostgreSQL: {', '.join(SSL_MODES)}. Not set, what the URL says, or prefer.",
        example="verify-full",
    ),
    Variable(
        "DATABASE_SSLROOTCERT",
        existing_file,
        "The certificate that verify-ca and verify-full trust. Not set, verify-full trusts those of the system.",
        needed_for=("DATABASE_SSLMODE=verify-ca",),
        example="/etc/ssl/certs/database.pem",
    ),
    Variable(
        "DATABASE_WAIT",
        count,
        "Seconds that release and the worker wait at their start for a database that is starting, too.",
        default="30",
    ),
    Variable(
        "SLOW_QUERY_MS",
        count,
        "Milliseconds from which a query is in the log, without its values; 0 for none.",
        default="500",
    ),
    Variable(
        "DATABASE_DIRECT_URL",
        on_postgresql,
        "The way around PgBouncer, for all but the web: migrations, backups, the worker.",
        needed_for=("DATABASE_POOL=pgbouncer",),
        example="postgres://foodmood:password@localhost:5432/foodmood",
    ),
)


def command() -> str | None:
    """Which of manage.py's commands this process is; None in a web server."""
    return (sys.argv[1:2] or ["help"])[0] if Path(sys.argv[0]).name == "manage.py" else None


def timeouts(env: Mapping[str, Any]) -> dict[str, int]:
    """Those of the web, in seconds, by PostgreSQL's names for them."""
    return {
        "statement_timeout": env["DATABASE_STATEMENT_TIMEOUT"],
        "lock_timeout": env["DATABASE_LOCK_TIMEOUT"],
        "idle_in_transaction_session_timeout": env["DATABASE_IDLE_TIMEOUT"],
    }


def postgresql(env: Mapping[str, Any], command: str | None) -> dict[str, Any]:
    """The entry in DATABASES. The web goes through the pool and is bounded; commands, the worker among them, go
    straight and take their time, whatever the role's own bounds are: they migrate, dump, and hold session locks.
    """
    web = command is None
    config = dict(env["DATABASE_URL"] if web else env["DATABASE_DIRECT_URL"] or env["DATABASE_URL"])
    options: dict[str, Any] = NOTICE_THE_DEAD | {"application_name": f"foodmood {command or 'web'}"}
    if not web or env["DATABASE_POOL"] == "none":
        config |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    elif env["DATABASE_POOL"] == "psycopg":
        config |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}  # a check of what the pool hands out
        options["pool"] = {
            "min_size": 1,
            "max_size": env["DATABASE_POOL_SIZE"] or env["WEB_THREADS"],
            "timeout": 5,
            "max_lifetime": 30 * 60,
            # Its default goes on for minutes, at ever longer intervals: a database would be back long before.
            "reconnect_timeout": 2,
        }
    else:
        config |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False, "DISABLE_SERVER_SIDE_CURSORS": True}
        options["prepare_threshold"] = None
    if not web or env["DATABASE_POOL"] != "pgbouncer":
        bounds = timeouts(env) if web else _patience(command)
        options["options"] = " ".join(f"-c {name}={seconds}s" for name, seconds in bounds.items())
    given = dict(config.get("OPTIONS", {}))
    if {"options"} <= given.keys() & options.keys():  # added to ours; PostgreSQL takes the last of two
        given["options"] = f"{options['options']} {given['options']}"
    return config | {"OPTIONS": options | given | _tls(env)}


def _patience(command: str | None) -> dict[str, int]:
    """What waits for a lock on a table makes everybody wait behind it: a migration gives way to a long dump."""
    waits = 30 if command in {"release", "migrate"} else 0
    return {"statement_timeout": 0, "lock_timeout": waits, "idle_in_transaction_session_timeout": 0}


def _tls(env: Mapping[str, Any]) -> dict[str, str]:
    if not (mode := env["DATABASE_SSLMODE"]):
        return {}
    root = env["DATABASE_SSLROOTCERT"] or ("system" if mode == "verify-full" else None)
    return {"sslmode": mode} | ({"sslrootcert": str(root)} if root else {})
