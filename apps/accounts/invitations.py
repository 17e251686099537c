"""Invitations by e-mail. Having received the link proves the address; the link works once, for some days."""

import hashlib
import secrets
from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.utils import build_absolute_uri
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Invitation, User
from foodmood.addresses import address_key
from foodmood.audit.models import Event, record
from foodmood.mail import mail_is_sent

SESSION_KEY = "invitation"


@transaction.atomic
def invite(*, request: HttpRequest, email: str, invited_by: User | None) -> str:
    """Mail a link with which that address can sign up, and return the link. A former link stops working.

    A site without mail leaves it to the caller to hand the link over.
    """
    token = secrets.token_urlsafe(32)
    invitation, _created = Invitation.objects.update_or_create(
        email=address_key(email),
        accepted_by=None,
        defaults={
            "invited_by": invited_by,
            "token_hash": _hash(token),
            "expires_at": timezone.now() + timedelta(days=settings.INVITATION_DAYS),
        },
    )
    record(Event.INVITED, request=request, person=invited_by.pk if invited_by else None)
    link: str = build_absolute_uri(request, reverse("accounts:accept_invitation", args=[token]))
    context = {"invitation_url": link, "expires_at": invitation.expires_at, "days": settings.INVITATION_DAYS}
    if mail_is_sent():
        get_adapter().send_mail("account/email/invitation", invitation.email, context)
    return link


def find(token: str) -> Invitation | None:
    """The invitation of a link, while it can be accepted."""
    return Invitation.objects.pending().filter(token_hash=_hash(token)).first()


def remember(request: HttpRequest, invitation: Invitation) -> None:
    """From the link to the sign-up form, the invitation travels in the session, not in an address."""
    request.session[SESSION_KEY] = invitation.token_hash


def remembered(request: HttpRequest) -> Invitation | None:
    """The invitation with which this browser came, while it can be accepted."""
    token_hash = request.session.get(SESSION_KEY)
    return Invitation.objects.pending().filter(token_hash=token_hash).first() if token_hash else None


def accept(*, request: HttpRequest, user: User) -> None:
    """Use up the invitation with which this browser came, if any."""
    invitation = remembered(request)
    if invitation and invitation.email == user.email:
        invitation.accepted_by = user
        invitation.save(update_fields=["accepted_by"])
    request.session.pop(SESSION_KEY, None)


def _hash(token: str) -> str:
    """A token has 256 random bits: nothing slower than SHA-256 is needed to keep it."""
    return hashlib.sha256(token.encode()).hexdigest()
