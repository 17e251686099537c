from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as DjangosMigrate
from django.db import DatabaseError
from django.db.migrations import Migration

from foodmood.database import reason
from foodmood.explanations import lacks_right, lacks_schema
from foodmood.rights import missing_right
from foodmood.telemetry.errors import chain


class Command(DjangosMigrate):
    """Django's, which says in a few sentences what failed, and what to do."""

    at: Migration | None = None

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            super().handle(*args, **options)
        except CommandError:
            raise
        except Exception as error:
            if not (problem := self._failure(error)):
                raise
            right = missing_right() if lacks_right(error) or lacks_schema(error) else ""
            again = "Then run `python manage.py release` again."
            raise CommandError(" ".join(filter(None, [f"{problem}.", right, again]))) from error

    def migration_progress_callback(self, action: str, migration: Migration | None = None, fake: bool = False) -> None:
        if action in {"apply_start", "apply_success"}:
            self.at = migration if action == "apply_start" else None
        super().migration_progress_callback(action, migration, fake)

    def _failure(self, error: Exception) -> str:
        """Return what failed; "" for a mistake of ours, whose stack says more."""
        if self.at:
            why = reason(error) if isinstance(error, DatabaseError) else f"{type(error).__name__}: {error}"
            stays = "Nothing of it stays" if self.at.atomic else "Parts of it may stay (it is not in one transaction)"
            return (
                f"Migration {self.at} failed: {why}. {stays}; those before it are applied, and code of the version"
                " before goes on working with them. Mend what it says, or deploy a version with a better migration:"
                " the next release begins with this one"
            )
        causes = [each for each in chain(error) if isinstance(each, DatabaseError)]
        return f"The database was not brought up to date: {reason(causes[-1])}" if causes else ""
