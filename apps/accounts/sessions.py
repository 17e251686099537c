from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.requests import PersonRequest


@require_POST
def end(request: PersonRequest, pk: int) -> HttpResponse:
    """End one of the person's sessions; the list, and ending all others, is allauth's."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    end_sessions(request, [session])
    messages.success(request, _("That device is logged out."))
    return redirect("usersessions_list")
