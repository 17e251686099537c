"""What follows from changes to an account, wherever they are made.

A mail that allauth lacks: a further address may let somebody in, so the person hears of it at the one they have. And
the end of other sessions: whoever was in with less must not stay in.
"""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.account.signals import email_added, email_confirmed
from allauth.mfa.models import Authenticator
from django.db.models.signals import post_save
from django.dispatch import receiver

from apps.accounts.models import User
from apps.accounts.sessions import end_other_sessions
from foodmood.audit.signals import person_changed


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


@receiver(post_save, sender=Authenticator)
def end_sessions_without_the_factor(instance: Authenticator, created: bool, **_kwargs: Any) -> None:
    """Recovery codes come along with a factor."""
    if created and instance.type != Authenticator.Type.RECOVERY_CODES:
        end_other_sessions(instance.user)


@receiver(person_changed)
def end_sessions_of_former_credentials(person: User, before: dict[str, Any], **_kwargs: Any) -> None:
    if before.keys() & {"email", "password"}:
        end_other_sessions(person)
