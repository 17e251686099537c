"""What an operator has to know of the database."""

from django.db import DatabaseError, Error, connection


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
        return f"The {describe()} can't be reached: {reason(error)}. Check DATABASE_URL, and that it is running."
    return None
