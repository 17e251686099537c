"""Batches in transactions of their own: nobody waits, and a migration that broke off goes on where it stopped."""

from typing import Any

from django.db import migrations, models

from foodmood.indexes import AddIndexWithoutLock
from foodmood.names import fill_search_keys


def fill(apps: Any, _schema_editor: Any) -> None:
    fill_search_keys(apps.get_model("edibles", "Edible"))


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("edibles", "0003_search_key"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        AddIndexWithoutLock(
            model_name="edible",
            index=models.Index(fields=["owner", "search_key", "id"], name="edibles_of_owner_by_name"),
        ),
    ]
