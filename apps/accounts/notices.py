"""What follows from changes to an account, wherever they are made.

A mail that allauth lacks: a further address may let somebody in, so the person hears of it at the one they have. And
the end of other sessions: whoever was in with less must not stay in. And what operators do is told.
"""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.account.signals import email_added, email_confirmed
from allauth.mfa.models import Authenticator
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.operators import by_operator, note, tell, tell_of_diary
from apps.accounts.sessions import end_other_sessions
from foodmood.audit.models import Event
from foodmood.audit.signals import diary_seen, person_changed


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


@receiver(person_changed)
def tell_of_operators_change(person: User, before: dict[str, Any], **_kwargs: Any) -> None:
    if not by_operator(person):
        return
    if "password" in before:
        note(Event.PASSWORD_CHANGED, person)
        tell(person, _("An operator changed the password of your FoodMood account."))
    if "email" in before:
        moved = _("An operator changed the address of your FoodMood account to %(email)s.") % {"email": person.email}
        tell(person, moved, address=before["email"])
        tell(person, _("An operator gave your FoodMood account this address. You log in with it now."))
    if "is_active" in before:
        opened = _("An operator opened your FoodMood account again: you can log in.")
        closed = _("An operator closed your FoodMood account: nobody can log in to it.")
        tell(person, opened if person.is_active else closed)
    if before.keys() & {"is_staff", "is_superuser"}:
        tell(person, _("An operator changed what you may do in the administration of this FoodMood."))


@receiver(diary_seen)
def tell_of_opened_diary(owner: int, request: HttpRequest, **_kwargs: Any) -> None:
    tell_of_diary(User.objects.get(pk=owner), request.user.pk)
