"""What operators do to an account is told to its person: by mail, and in their own security events."""

import logging

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base.internal.flows import delete_dangling_recovery_codes
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.sessions import end_other_sessions
from foodmood.audit.models import SERVER, Event, record
from foodmood.mail import mail_is_sent

logger = logging.getLogger(__name__)

DAY = 24 * 60 * 60  # seconds


def by_operator(person: User) -> bool:
    """Whether somebody else is doing this: signed in to the site, or with a command on the server."""
    if context.request is None:
        return True
    user = getattr(context.request, "user", None)
    return user is not None and user.is_authenticated and user.pk != person.pk


def note(event: Event, person: User) -> None:
    record(event, request=context.request, person=person.pk, detail="" if context.request else SERVER)


def tell(person: User, what: Promise | str, *, address: str = "") -> None:
    """Mail the person what an operator did: a sentence, read in the person's language."""
    _send("account/email/operator_changed", person, address or person.email, what=what)


def tell_unlocked(person: User) -> None:
    note(Event.UNLOCKED, person)
    tell(person, _("An operator unlocked your FoodMood account: earlier failed log-ins no longer count."))


def remove_factors(person: User, factor: Authenticator | None = None) -> None:
    """Delete one second factor, or all. Whoever is in with it must not stay in."""
    if factor:
        factor.delete()
        delete_dangling_recovery_codes(person)
    else:
        Authenticator.objects.filter(user=person).delete()
    end_other_sessions(person)
    note(Event.SECOND_FACTOR_REMOVED, person)
    tell(person, _("An operator removed a second factor from your FoodMood account."))


def tell_of_diary(person: User, operator: object = SERVER) -> None:
    """Mail that an operator opened the person's diary, at most once a day for each operator."""
    if cache.add(f"diary-seen:{person.pk}:{operator}", True, DAY):
        _send("account/email/diary_opened", person, person.email)


def _send(prefix: str, person: User, address: str, **details: object) -> None:
    if mail_is_sent():
        links = {"events_url": settings.SITE_URL + reverse("security_events")}
        try:
            get_adapter().send_mail(prefix, address, {"user": person, "when": timezone.now(), **links, **details})
        except ValueError:  # an address from before today's rules: the operator's page must open all the same
            # No traceback: it would show the address.
            logger.error("Person %d can't be mailed, because their address is not valid. Correct it.", person.pk)  # noqa: TRY400
