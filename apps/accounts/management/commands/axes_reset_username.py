from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.accounts.guesses import unlock


class Command(BaseCommand):
    help = "Let an account be signed in to again at once: forget its wrong passwords, from every address and device."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", nargs="+", help="the account's e-mail address")

    def handle(self, *args: Any, **options: Any) -> None:
        for address in options["address"]:
            unlock(address)
        self.stdout.write(f"Unlocked: {len(options['address'])}.")
