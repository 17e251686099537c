from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("wellbeing", "0002_aliases"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            # Django would make SQLite's table anew, which its triggers don't allow, and which takes long.
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE wellbeing_entry ADD COLUMN time_guessed bool DEFAULT false NOT NULL",
                    "ALTER TABLE wellbeing_entry DROP COLUMN time_guessed",
                )
            ],
            state_operations=[
                migrations.AddField(
                    model_name="entry",
                    name="time_guessed",
                    field=models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="A usual hour, since nobody said when.",
                        verbose_name="the time is a guess",
                    ),
                ),
            ],
        ),
    ]
