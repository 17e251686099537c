"""Which database is meant."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import environ
from django.conf import settings
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from foodmood.backups import BackupError
from foodmood.backups.postgresql import PostgreSQL
from foodmood.backups.sqlite import SQLite

Database = PostgreSQL | SQLite


def live() -> Database:
    """The one that FoodMood runs on."""
    return _database(connection)


def at(place: str) -> Database:
    """A URL, or the bare name of another database on the same server, of another file in the same folder."""
    return _database(_wrapper(_url(place))) if "://" in place else live().called(place)


def drilled() -> Database:
    """The one that a drill makes its own beside: the live one, or what BACKUP_DRILL_URL names."""
    return _database(_wrapper(settings.BACKUP_DRILL_DATABASE)) if settings.BACKUP_DRILL_DATABASE else live()


def within(database: Database, work: Callable[[], object]) -> None:
    """Do Django's work in another database, as if it were the only one.

    A thread has connections of its own: in this one `default` is that database, so that nothing in it, not even a
    migration that forgets which database it is about, reaches the live one.
    """
    raised: list[BaseException] = []

    def run() -> None:
        given = connection.settings_dict
        change = database.parameters if isinstance(database, PostgreSQL) else {"dbname": database.name}
        names = {"dbname": "NAME"} | {name: name.upper() for name in ("user", "password", "host", "port")}
        other = {names[name]: value for name, value in change.items() if name in names}
        connections["default"] = _wrapper(given | other)
        try:
            work()
        except BaseException as error:  # noqa: BLE001 -- raised again, by whoever waits
            raised.append(error)
        finally:
            connections["default"].close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if raised:
        raise raised[0]


def _wrapper(database: dict[str, Any]) -> BaseDatabaseWrapper:
    return ConnectionHandler({"default": database})["default"]


def _database(wrapper: BaseDatabaseWrapper) -> Database:
    if wrapper.vendor == "postgresql":
        return PostgreSQL.of(wrapper.get_connection_params())
    return SQLite(Path(wrapper.settings_dict["NAME"]))


def _url(place: str) -> dict[str, Any]:
    try:
        return dict(environ.Env.db_url_config(place))
    except ValueError as error:
        raise BackupError(f"{place.partition('://')[0]}://… is no database that can be read.") from error
