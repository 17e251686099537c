from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def give_everybody_an_address(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 -- Django passes it
    """From here on log-in asks for a verified address. Who has none on record gets one: an operator's counts as
    verified, everybody else proves theirs at the next log-in. What is on record stays as it is.
    """
    EmailAddress = apps.get_model("account", "EmailAddress")
    for user in apps.get_model("accounts", "User").objects.iterator():
        address, _created = EmailAddress.objects.get_or_create(user=user, email=user.email)
        address.verified = address.verified or user.is_superuser
        address.primary = address.primary or not EmailAddress.objects.filter(user=user, primary=True).exists()
        address.save()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_invitations"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [migrations.RunPython(give_everybody_an_address, migrations.RunPython.noop)]
