from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.addresses import owner_of
from apps.accounts.forms import InvitationForm, ProfileForm
from apps.accounts.invitations import find, invite, remember
from apps.accounts.models import Invitation
from apps.accounts.requests import PersonRequest
from foodmood.mail import mail_is_sent
from foodmood.requests import posted


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: PersonRequest) -> HttpResponse:
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=request.user)
    if form.is_valid():
        request.user.save(update_fields=list(form.fields))
        with translation.override(request.user.language):
            said = _("Saved. Times are shown in %(zone)s.") % {"zone": request.user.time_zone}
        messages.success(request, said)
        return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"form": form}, status=422 if form.is_bound else 200)


def _for_operators(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator: for staff, on the terms of the administration."""

    @wraps(view)
    def guarded(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_staff:
            raise Http404
        if not admin.site.has_permission(request):
            return redirect(f"{reverse('admin:login')}?{urlencode({'next': reverse('accounts:invitations')})}")
        return view(request, *args, **kwargs)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@_for_operators
def invitations(request: PersonRequest) -> HttpResponse:
    form = InvitationForm(posted(request))
    if form.is_valid():
        _send(request, form.cleaned_data["email"])
        return redirect("accounts:invitations")
    context = {
        "form": form,
        "invitations": Invitation.objects.open().select_related("invited_by"),
        "signup": settings.SIGNUP,
        "days": settings.INVITATION_DAYS,
    }
    return render(request, "accounts/invitations.html", context, status=422 if form.is_bound else 200)


@require_POST
@_for_operators
def resend_invitation(request: PersonRequest, pk: int) -> HttpResponse:
    _send(request, get_object_or_404(Invitation.objects.open(), pk=pk).email)
    return redirect("accounts:invitations")


@require_POST
@_for_operators
def withdraw_invitation(request: PersonRequest, pk: int) -> HttpResponse:
    get_object_or_404(Invitation.objects.open(), pk=pk).delete()
    messages.success(request, _("The invitation is withdrawn: its link no longer works."))
    return redirect("accounts:invitations")


@login_not_required
@require_safe
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Leads to the sign-up form. Opening the link uses nothing up, because scanners of mail open links, too."""
    invitation = find(token)
    if invitation is None or settings.SIGNUP == "closed":
        return render(request, "accounts/invitation_void.html", {"signup": settings.SIGNUP}, status=404)
    if owner_of(invitation.email):
        messages.info(request, _("There is a diary with this address already: log in."))
        return redirect("account_login")
    remember(request, invitation)
    return redirect("account_signup")


def _send(request: PersonRequest, email: str) -> None:
    """The answer is the same whether or not the address has an account."""
    link = invite(request=request, email=email, invited_by=request.user)
    if mail_is_sent():
        messages.success(request, _("Sent: the invitation to %(email)s is on its way.") % {"email": email})
    else:
        messages.warning(request, _("This site sends no mail. Hand over this link: %(link)s") % {"link": link})
