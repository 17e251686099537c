from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from foodmood.telemetry.people import hash_of


class Command(BaseCommand):
    help = "Who a user hash of the log or of Sentry is; or, given an e-mail address, which hash to look for."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("whom", help="16 hexadecimal digits, or the account's e-mail address")

    def handle(self, *args: Any, **options: Any) -> None:
        whom, people = options["whom"], get_user_model().objects
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        if "@" in whom:
            user = people.filter(email__iexact=whom).first()
            if user is None:
                raise CommandError(f"Nobody has the address {whom}.")
            for key in keys:  # lines from before a new secret key have the hash of the former
                self.stdout.write(hash_of(user.pk, key))
            return
        for pk, email in people.values_list("pk", "email").iterator():
            if whom in {hash_of(pk, key) for key in keys}:
                self.stdout.write(f"{pk}  {email}")
                return
        raise CommandError(
            f"Nobody has the hash {whom}: the account was deleted, or the secret key is another"
            " (DJANGO_SECRET_KEY_FALLBACKS may name former ones)."
        )
