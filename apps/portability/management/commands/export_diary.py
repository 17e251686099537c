import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts.models import User
from apps.accounts.operators import note, tell_of_diary
from apps.portability.exports import exported
from foodmood.addresses import address_key
from foodmood.audit.models import Event


class Command(BaseCommand):
    help = "Write a person's whole diary as a FoodMood archive, to a file or to the standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user", required=True, metavar="EMAIL", help="whose diary")
        parser.add_argument("file", nargs="?", metavar="FILE", help="where to; without it, the standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        owner = owner_named(options["user"])
        archive = b"".join(exported(owner))
        note(Event.DIARY_OPENED, owner)
        tell_of_diary(owner)
        if not options["file"]:
            self.stdout.write(archive.decode(), ending="")
            return
        try:
            # A diary is nobody else's business: readable by its owner on this machine alone.
            with os.fdopen(os.open(options["file"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(archive)
        except OSError as error:
            raise CommandError(f"{options['file']} can't be written: {error.strerror}.") from error


def owner_named(email: str) -> User:
    """Raises CommandError when nobody has that address."""
    try:
        return User.objects.get(email__iexact=address_key(email))
    except User.DoesNotExist:
        raise CommandError(f"Nobody has the e-mail address {email}.") from None
