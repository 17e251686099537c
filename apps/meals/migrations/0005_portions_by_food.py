from django.db import migrations, models

from foodmood.indexes import AddIndexWithoutLock


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("meals", "0004_time_guessed"),
    ]

    operations = [
        AddIndexWithoutLock(
            model_name="portion",
            index=models.Index(fields=["owner", "edible"], name="portions_of_owner_by_food"),
        ),
    ]
