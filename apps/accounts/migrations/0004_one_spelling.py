from django.core.exceptions import ValidationError
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from foodmood.addresses import normal_address


def keep_one_spelling(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 -- Django passes it
    """From here on an address is looked up in one spelling, so those on record get it. All in ASCII have it already.
    Where two rows would become one, both stay as they are; the one in the normal spelling is found.
    """
    for label in ("accounts.User", "account.EmailAddress", "accounts.Invitation"):
        model = apps.get_model(label)
        for row in model.objects.iterator():
            try:
                email = normal_address(row.email)
            except ValidationError:
                continue  # no mail ever went there
            if email != row.email and not model.objects.filter(email=email).exists():
                model.objects.filter(pk=row.pk).update(email=email)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_addresses"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [migrations.RunPython(keep_one_spelling, migrations.RunPython.noop)]
