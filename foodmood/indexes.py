"""Indexes that are made while people go on writing."""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AddIndex
from django.db.migrations.state import ProjectState


class AddIndexWithoutLock(AddIndexConcurrently):
    """Migration operation, in a migration with `atomic = False`: what AddIndex does, and nobody waits for it.

    On PostgreSQL one that broke off left an index that serves nobody: the next try begins by dropping it. SQLite has
    one writer at a time, whatever one does.
    """

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            AddIndex.database_forwards(self, app_label, schema_editor, from_state, to_state)
            return
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {schema_editor.quote_name(self.index.name)}")
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        on_postgresql = schema_editor.connection.vendor == "postgresql"
        operation = AddIndexConcurrently if on_postgresql else AddIndex
        operation.database_backwards(self, app_label, schema_editor, from_state, to_state)
