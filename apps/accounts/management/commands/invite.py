from typing import Any

from allauth.core.context import request_context
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.test import RequestFactory

from apps.accounts.forms import InvitationForm
from apps.accounts.invitations import invite
from foodmood.mail import mail_is_sent


class Command(BaseCommand):
    help = "Invite an address to sign up. Where no mail is sent, the link is printed, to be handed over by yourself."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--host", help="the host name in the link; the first of DJANGO_ALLOWED_HOSTS if not given")

    def handle(self, *args: Any, **options: Any) -> None:
        form = InvitationForm({"email": options["email"]})
        if not form.is_valid():
            raise CommandError(f"{options['email']!r} is no e-mail address.")
        if settings.SIGNUP == "closed":
            raise CommandError("DJANGO_SIGNUP is closed: nobody can sign up, not even with an invitation.")
        # A link needs to know what the site is called, which only a request tells.
        host = options["host"] or settings.ALLOWED_HOSTS[0].lstrip(".")
        request = RequestFactory().get("/", headers={"host": host}, secure=not settings.DEBUG)
        try:
            with request_context(request):
                link = invite(request=request, email=form.cleaned_data["email"], invited_by=None)
        except DisallowedHost as error:
            raise CommandError(f"{host} is not among DJANGO_ALLOWED_HOSTS: name one that is with --host.") from error
        if mail_is_sent():
            self.stdout.write(f"Invited: a link that works for {settings.INVITATION_DAYS} days is on its way.")
        else:
            self.stdout.write(f"This site sends no mail. Hand over this link, which works once:\n{link}")
