from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts.actions import delete_account
from apps.accounts.models import User
from foodmood.addresses import address_key


class Command(BaseCommand):
    help = "Delete a person's account and whole diary, for good. The person gets a mail that says so."

    def add_arguments(self, parser: CommandParser) -> None:
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("email", metavar="EMAIL", nargs="?", help="whose account")
        whose.add_argument(
            "--numbers",
            nargs="+",
            type=int,
            help="accounts that a restored backup brought back: they get no mail again",
        )
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["numbers"]:
            self._delete_again(options["numbers"])
            return
        user = User.objects.filter(email__iexact=address_key(options["email"])).first()
        if user is None:
            raise CommandError(f"Nobody has the e-mail address {options['email']}.")
        if not options["yes"] and input(f"Type {user.email} to delete this account and its diary: ") != user.email:
            raise CommandError("Nothing was deleted.")
        delete_account(user)
        self.stdout.write("Deleted: the account and its diary.")

    def _delete_again(self, numbers: list[int]) -> None:
        """Their owners typed their address when they did it first. Safe to run again."""
        users = User.objects.filter(pk__in=numbers)
        for user in users:
            delete_account(user, farewell=False)
        self.stdout.write(
            f"Deleted: {len(users)} account(s) with their diaries; {len(numbers) - len(users)} not there."
        )
