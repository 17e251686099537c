"""Batches in transactions of their own: nobody waits, and a migration that broke off goes on where it stopped."""

from typing import Any

from django.db import migrations

from foodmood.names import fill_search_keys


def fill(apps: Any, _schema_editor: Any) -> None:
    fill_search_keys(apps.get_model("meals", "Meal"))


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("meals", "0002_search_key"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
