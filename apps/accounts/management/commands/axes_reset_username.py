from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.accounts.addresses import owner_of
from apps.accounts.guesses import unlock
from apps.accounts.operators import tell_unlocked
from foodmood.addresses import address_key


class Command(BaseCommand):
    help = "Let an account be signed in to again at once: forget its wrong passwords, from every address and device."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", nargs="+", help="the account's e-mail address")

    def handle(self, *args: Any, **options: Any) -> None:
        for address in options["address"]:
            unlock(address)
            if person := owner_of(address_key(address)):
                tell_unlocked(person)
        self.stdout.write(f"Unlocked: {len(options['address'])}.")
