"""Rows of models that are named by their label, such as “axes.AccessAttempt”: of apps that may not be installed."""

from typing import Any

from django.apps import apps
from django.db.models import QuerySet


def rows_of(label: str) -> "QuerySet[Any] | None":
    """All of them, or None where there is no such table."""
    try:
        model = apps.get_model(label)
    except LookupError:
        return None
    rows: QuerySet[Any] = model._default_manager.all()  # noqa: SLF001 -- Django's documented API
    return rows
