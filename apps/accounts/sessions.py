"""Where a person is logged in, and what ends it."""

from allauth.core import context
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.models import User
from apps.accounts.requests import PersonRequest


def end_other_sessions(person: User) -> None:
    """End every session of the person except the one that this request comes from.

    A log-in that is under way at this moment is ended as well, because it read the person before.
    """
    User.objects.filter(pk=person.pk).update(sessions_ended=F("sessions_ended") + 1)
    person.refresh_from_db(fields=["sessions_ended"])
    UserSession.objects.filter(user=person).delete()
    request = context.request
    user = getattr(request, "user", None)
    if user is not None and user.pk == person.pk:
        user.sessions_ended = person.sessions_ended
        update_session_auth_hash(request, user)
        UserSession.objects.create_from_request(request)


@require_POST
def end(request: PersonRequest, pk: int) -> HttpResponse:
    """End one of the person's sessions; the list, and ending all others, is allauth's."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    end_sessions(request, [session])
    messages.success(request, _("That device is logged out."))
    return redirect("usersessions_list")
