from django.db import migrations

import foodmood.names


class Migration(migrations.Migration):
    dependencies = [
        ("edibles", "0002_aliases"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="edible",
            options={"ordering": ["search_key", "pk"], "verbose_name": "edible", "verbose_name_plural": "edibles"},
        ),
        migrations.AlterModelOptions(
            name="ingredient",
            options={
                "ordering": ["edible__search_key", "edible_id"],
                "verbose_name": "ingredient",
                "verbose_name_plural": "ingredients",
            },
        ),
        migrations.AddField(
            model_name="edible",
            name="search_key",
            field=foodmood.names.SearchKeyField(editable=False, max_length=600, null=True, sources=["name"]),
        ),
    ]
