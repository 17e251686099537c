from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext_lazy as _

from apps.accounts.addresses import owner_of
from apps.accounts.enrolment import HOURS, enrolment_link
from apps.accounts.operators import note, remove_factors, tell
from foodmood.addresses import address_key
from foodmood.audit.models import Event


class Command(BaseCommand):
    help = "Print a link with which somebody who may use the administration sets up their first second factor."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="the account's e-mail address")
        parser.add_argument("--replace", action="store_true", help="delete the second factors that the person has lost")

    def handle(self, *args: Any, **options: Any) -> None:
        person = owner_of(address_key(options["address"]))
        if person is None:
            raise CommandError(f"Nobody has the e-mail address {options['address']}.")
        if not (person.is_staff and person.is_active):
            raise CommandError(f"{person.email} may not use the administration, and needs no link to add a factor.")
        if options["replace"]:
            remove_factors(person)
        elif is_mfa_enabled(person):
            raise CommandError(f"{person.email} has a second factor. If it is lost, delete it with --replace.")
        note(Event.ENROLMENT_ALLOWED, person)
        tell(person, _("An operator made a link with which you can add the first second factor to your account."))
        self.stdout.write(
            f"Open this link within {HOURS} hours, logged in as {person.email}."
            f" It ends once a second factor is set up.\n{enrolment_link(person)}"
        )
