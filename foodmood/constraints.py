"""Invariants across tables that the database can hold and Django's models can't say."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState


class SameParent(Operation):
    """Migration operation: the row that `column` names must share `shared` with the row that names it.

    Such as: an entry's option belongs to the entry's category. On PostgreSQL it is a foreign key over both
    columns, on SQLite two pairs of triggers. `parent_shared` is the shared column's name in the other table
    (None: the same name). On PostgreSQL the other table needs a unique constraint over (id, parent_shared).
    """

    reversible = True
    category = OperationCategory.ADDITION

    def __init__(  # noqa: PLR0913 -- a foreign key over two columns has these parts
        self,
        name: str,
        *,
        table: str,
        column: str,
        shared: str,
        parent: str,
        parent_shared: str | None = None,
    ) -> None:
        self.name, self.table, self.column, self.shared = name, table, column, shared
        self.parent, self.parent_shared = parent, parent_shared or shared

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Django's state knows nothing of it."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        for statement in self._create(schema_editor.connection.vendor):
            schema_editor.execute(statement)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER TABLE {self.table} DROP CONSTRAINT {self.name}")
            return
        for suffix in ("insert", "update", "parent"):
            schema_editor.execute(f"DROP TRIGGER {self.name}_{suffix}")

    def describe(self) -> str:
        return f"Hold {self.name}: {self.table}.{self.shared} is that of its {self.parent}"

    def _create(self, vendor: str) -> list[str]:
        child = f"{self.table} ({self.column}, {self.shared})"
        parent = f"{self.parent} (id, {self.parent_shared})"
        if vendor == "postgresql":
            key = f"FOREIGN KEY ({self.column}, {self.shared}) REFERENCES {parent} DEFERRABLE INITIALLY DEFERRED"
            return [f"ALTER TABLE {self.table} ADD CONSTRAINT {self.name} {key}"]
        refuse = f"BEGIN SELECT RAISE(ABORT, 'FOREIGN KEY constraint failed: {child} to {parent}'); END"
        same = f"id = NEW.{self.column} AND {self.parent_shared} = NEW.{self.shared}"
        # Names from our own migrations, not values from outside.
        orphan = f"NEW.{self.column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {self.parent} WHERE {same})"  # noqa: S608 -- as above
        moved = f"NEW.{self.parent_shared} <> OLD.{self.parent_shared}"
        named = f"EXISTS (SELECT 1 FROM {self.table} WHERE {self.column} = OLD.id)"  # noqa: S608 -- as above
        update, move = f"UPDATE OF {self.column}, {self.shared}", f"UPDATE OF {self.parent_shared}"
        return [
            f"CREATE TRIGGER {self.name}_insert BEFORE INSERT ON {self.table} WHEN {orphan} {refuse}",
            f"CREATE TRIGGER {self.name}_update BEFORE {update} ON {self.table} WHEN {orphan} {refuse}",
            f"CREATE TRIGGER {self.name}_parent BEFORE {move} ON {self.parent} WHEN {moved} AND {named} {refuse}",
        ]
