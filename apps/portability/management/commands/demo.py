from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.accounts.addresses import set_address
from apps.accounts.consent import agree
from apps.accounts.models import User
from apps.portability.actions import import_archive
from apps.portability.demo import DAYS, EMAIL, PASSWORD, demo_archive
from foodmood.zones import zone_names


class Command(BaseCommand):
    help = "Make the demo account, or bring its made-up diary up to this hour. Refused in production."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--address", default="http://127.0.0.1:8000/", help="where the site runs, to be printed")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_ALLOWED:
            raise CommandError("The demo account has a public password: it is never made in production.")
        user = User.objects.filter(email=EMAIL).first()
        if user is None:
            user = User.objects.create_user(EMAIL, PASSWORD, time_zone=_local_zone())
            agree(user)
            set_address(user=user, verified=True)
        archive = demo_archive(until=timezone.now().astimezone(user.zone))
        import_archive(owner=user, archive=archive, restore=True)
        self.stdout.write(
            f"\n  FoodMood runs at  {options['address']}\n"
            f"  log in as         {EMAIL}\n"
            f"  with password     {PASSWORD}\n\n"
            f"  The demo diary, {DAYS} days of it, is made up.\n"
        )


def _local_zone() -> str:
    """This machine's time zone, so that Today is today here; UTC where that can't be told."""
    _before, _zoneinfo, name = str(Path("/etc/localtime").resolve()).partition("zoneinfo/")
    return name if name in zone_names() else "UTC"
