"""The first second factor of whoever may use the administration.

A password alone does not add it where the administration asks for one, or a stolen password would open every diary. The
first one needs a link as well, which `manage.py admin_enrol_link` prints on the server.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.models import User
from apps.accounts.requests import PersonRequest

SALT = SESSION_KEY = "enrolment"
HOURS = 24


def enrolment_link(person: User) -> str:
    """A link that lets this person, logged in with their password, add a first second factor.

    It ends after HOURS, and once a factor was added or the password changed.
    """
    token = signing.dumps(_permit(person), salt=SALT)
    return f"{settings.SITE_URL}{reverse('accounts:enrol', args=[token])}"


@require_safe
def enrol(request: PersonRequest, token: str) -> HttpResponse:
    try:
        permit = signing.loads(token, salt=SALT, max_age=HOURS * 60 * 60)
    except signing.BadSignature:
        permit = None
    if permit == _permit(request.user):
        request.session[SESSION_KEY] = permit
        messages.success(request, _("Now set up your second factor: an authenticator app or a passkey."))
    else:
        messages.error(request, _("This link is not for this account, or it no longer works. Ask for a new one."))
    return redirect("mfa_index")


def first_factor_allowed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator of the pages that add a factor."""

    @wraps(view)
    def guarded(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if _needs_link(request):
            messages.error(request, ask_for_link())
            return redirect("mfa_index")
        return view(request, *args, **kwargs)

    return guarded


def ask_for_link() -> str:
    return _(
        "Your account may use the administration, so your password alone does not add the first second factor. Ask"
        " whoever runs the server for a link: “manage.py admin_enrol_link” prints one."
    )


def _permit(person: User) -> list[int]:
    return [person.pk, person.sessions_ended]


def _needs_link(request: PersonRequest) -> bool:
    person = request.user
    if not (settings.ADMIN_REQUIRES_MFA and person.is_staff) or is_mfa_enabled(person):
        return False
    return request.session.get(SESSION_KEY) != _permit(person) and not _has_just_shown_a_factor(request)


def _has_just_shown_a_factor(request: HttpRequest) -> bool:
    """Whoever removes the only factor to set up another one has shown it for that."""
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    records = get_authentication_records(request, request.user)
    return any(each["method"] == "mfa" and each.get("reauthenticated") and each["at"] > since for each in records)
