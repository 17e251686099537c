from django.db import migrations

import foodmood.names


class Migration(migrations.Migration):
    dependencies = [
        ("meals", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="meal",
            name="search_key",
            field=foodmood.names.SearchKeyField(editable=False, max_length=1000, null=True, sources=["title", "notes"]),
        ),
    ]
