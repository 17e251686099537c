import os
from typing import Any

from django.db import migrations, models


def fails(*_arguments: Any) -> None:
    if "MENDED" not in os.environ:
        raise RuntimeError("what nobody had thought of")


class Migration(migrations.Migration):
    dependencies = [("half_way", "0001_good")]
    operations = [
        migrations.CreateModel("Half", [("id", models.BigAutoField(primary_key=True))]),
        migrations.RunPython(fails),
    ]
