"""Django's PostgreSQL without PostgreSQL: it writes SQL as for a new and empty server, and sends it nowhere.

So what a migration would do to the production database is judged on every machine.
"""

from typing import Any, Self

from django.db.backends.postgresql import base, operations, schema
from psycopg.sql import Literal


class Nowhere:
    """A connection, and each of its cursors."""

    autocommit = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *args: object) -> None:
        pass

    def execute(self, sql: str, parameters: Any = None) -> None:
        pass

    def fetchall(self) -> list[Any]:
        return []

    def close(self) -> None:
        pass

    commit = rollback = close


def quoted(value: Any) -> str:
    return Literal(value).as_string()


class DatabaseOperations(operations.DatabaseOperations):
    def compose_sql(self, sql: str, params: Any) -> str:
        return sql % tuple(quoted(value) for value in params or ())


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    def quote_value(self, value: Any) -> str:
        return quoted(value)


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
    SchemaEditorClass = DatabaseSchemaEditor
    pg_version = 150_000

    def connect(self) -> None:
        self.connection = Nowhere()

    def create_cursor(self, name: str | None = None) -> Nowhere:
        return Nowhere()
