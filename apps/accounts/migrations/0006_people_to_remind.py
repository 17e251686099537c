from django.db import migrations, models

from foodmood.indexes import AddIndexWithoutLock


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("accounts", "0005_reminders"),
    ]

    operations = [
        AddIndexWithoutLock(
            model_name="user",
            index=models.Index(
                condition=models.Q(("remind_at__isnull", False)),
                fields=["time_zone", "remind_at"],
                name="people_to_remind",
            ),
        ),
    ]
