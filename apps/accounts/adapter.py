from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import gettext as _

from apps.accounts.models import User
from foodmood.client_ip import client_ip
from foodmood.mail import mail_is_sent


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth is published without types
    """Where allauth asks FoodMood."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request)

    def is_safe_url(self, url: str | None) -> bool:
        """Whether `next` may lead there. allauth's own answer to what is no address, such as http://[, is an error."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Where no mail can be sent, whoever waits for one is told, whether they have an account or not."""
        if not mail_is_sent():
            raise ImmediateHttpResponse(render(allauth_context.request, "account/no_mail.html", status=503))
        super().send_mail(template_prefix, email, context)

    def clean_email(self, email: str) -> str:
        """Django's form field lets through a longer address than the column holds."""
        longest = User._meta.get_field("email").max_length  # noqa: SLF001 -- Django's documented API
        if longest is not None and len(email) > longest:
            raise ValidationError(
                _("This address is too long: use one of at most %(longest)d characters.") % {"longest": longest}
            )
        return email
