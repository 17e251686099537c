"""Mails that allauth lacks: a further address may let somebody in, so the person hears of it at the one they have."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.account.signals import email_added, email_confirmed
from django.dispatch import receiver

from apps.accounts.models import User


@receiver(email_added)
def tell_of_added_address(user: User, email_address: EmailAddress, **_kwargs: Any) -> None:
    get_adapter().send_notification_mail("account/email/email_added", user, {"added_email": email_address.email})


@receiver(email_confirmed)
def tell_of_confirmed_address(email_address: EmailAddress, **_kwargs: Any) -> None:
    """Whoever has just signed up has no other address, and needs no mail about what they did a moment ago."""
    user = email_address.user
    if EmailAddress.objects.filter(user=user).exclude(pk=email_address.pk).exists():
        context = {"confirmed_email": email_address.email}
        get_adapter().send_notification_mail("account/email/email_confirm", user, context)
