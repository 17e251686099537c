"""What the database needs besides migrations. Every `migrate` adds it, so that nobody has to know a second command."""

from typing import Any

from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS

from foodmood.readiness import migrations
from foodmood.schedules import update_schedules


def complete_database(*, using: str, verbosity: int, plan: object = None, **_: Any) -> None:
    """Handle post_migrate: create the cache's table, and bring the worker's schedules up to date.

    A database that lacks migrations (after `migrate meals zero`) is left as it is. `flush` sends this signal too, with
    no plan; it empties tables, but drops none.
    """
    if using != DEFAULT_DB_ALIAS or migrations():
        return
    if plan is not None:
        call_command("createcachetable", verbosity=verbosity - 1)
    update_schedules()
