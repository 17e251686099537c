"""What an operator has to know of the database, and what has to go with care."""

import fcntl
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, Error, connection, transaction

logger = logging.getLogger(__name__)

RELEASE_LOCK = 0x666F6F64  # any number that nobody else takes


def describe() -> str:
    """Where the database is, without user or password."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"SQLite file {settings['NAME']}"
    place = f"{settings['HOST']}:{settings['PORT'] or 5432}" if settings["HOST"] else "the local socket"
    return f"{connection.display_name} database {settings['NAME']} at {place}"


def reason(error: Error) -> str:
    """The first line of the driver's message: the others guess."""
    return str(error).strip().partition("\n")[0].rstrip(".")


def unreachable() -> str | None:
    """Why the database can't be used, with the mend, or None when it can."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        return f"The {describe()} can't be reached: {reason(error)}. {_advice(error)}"
    return None


def _advice(error: Error) -> str:
    """Return what helps. The server gives no code for a refused connection, only its words."""
    if "permission denied for database" in str(error):
        database, role = (connection.ops.quote_name(connection.settings_dict[name]) for name in ("NAME", "USER"))
        return f"Its owner or a superuser has to run: GRANT CONNECT ON DATABASE {database} TO {role};"
    return "Check DATABASE_URL, and that it is running."


def wait_until_reachable() -> str | None:
    """As `unreachable`, but patient: containers start together, and the database takes longest."""
    end = time.monotonic() + settings.DATABASE_WAIT
    problem = unreachable()
    if problem and settings.DATABASE_WAIT:
        logger.warning("%s Trying again for %d s.", problem, settings.DATABASE_WAIT)
    while problem and time.monotonic() < end:
        time.sleep(1)
        problem = unreachable()
    return problem


def unbounded_role() -> str | None:
    """The SQL that gives PgBouncer's role the bounds it lacks: the web can't set them there. None if it has all."""
    wanted = {name: seconds for name, seconds in settings.DATABASE_TIMEOUTS.items() if seconds}
    lacks = "SELECT quote_ident(current_user), name FROM pg_settings WHERE setting = '0' AND name = ANY(%s)"
    try:
        with connection.cursor() as cursor:
            cursor.execute(lacks, [list(wanted)])
            lacking = cursor.fetchall()
    except DatabaseError:
        return None  # whether it can be reached is not the question here
    return " ".join(f"ALTER ROLE {role} SET {name} = '{wanted[name]}s';" for role, name in lacking) or None


def take_time() -> None:
    """What this transaction does is long, and meant to be: up to five minutes for a statement and between two.

    The commit counts as one, and it is there that the keys of all new rows are looked up.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL statement_timeout = '5min'; SET LOCAL idle_in_transaction_session_timeout = '5min'"
            )


@contextmanager
def one_moment() -> Iterator[None]:
    """Within, all that is read is of one moment, and nobody who writes waits for it. Nothing is written within.

    Within a transaction it is for whoever began that to say what it sees.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # atomic() would begin one that keeps others from writing
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


@contextmanager
def one_release() -> Iterator[None]:
    """Within, no other release is at work on this database: whoever comes second waits here."""
    with _advisory_lock() if connection.vendor == "postgresql" else _folder_lock():
        yield


@contextmanager
def _advisory_lock() -> Iterator[None]:
    """The session's own: it goes with the connection, however that ends.

    Asked for again and again. Who waits inside a statement is waited for by CREATE INDEX CONCURRENTLY, for ever.
    """
    with connection.cursor() as cursor:

        def taken() -> bool:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [RELEASE_LOCK])
            return bool(cursor.fetchone()[0])

        if not taken():
            _say_that_another_is_at_work()
            while not taken():
                time.sleep(0.5)
    try:
        yield
    finally:
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [RELEASE_LOCK])


@contextmanager
def _folder_lock() -> Iterator[None]:
    """Of the folder that the file is in: SQLite's own locks don't see it, and no file of ours stays behind."""
    folder = os.open(Path(str(connection.settings_dict["NAME"])).parent, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say_that_another_is_at_work()
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _say_that_another_is_at_work() -> None:
    logger.warning("Another release is at work on the %s: waiting for it to end.", describe())
