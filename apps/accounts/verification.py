"""The pages around the link that proves an address."""

from typing import Any

from allauth.account import app_settings
from allauth.account.internal.flows.email_verification import send_verification_email_at_login
from allauth.account.internal.stagekit import unstash_login
from allauth.account.models import EmailAddress
from allauth.account.views import ConfirmEmailView
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.addresses import is_somebody_elses


class ConfirmAddress(ConfirmEmailView):  # type: ignore[misc] # allauth is published without types
    """allauth's page, which also says what is wrong with a link that does not work."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer: HttpResponse = super().post(*args, **kwargs)
        except Http404:
            answer = self.get(*args, **kwargs)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if self.object is None:
            return context | {"link_is": _state(self.kwargs["key"])}
        address = self.object.email_address
        return context | {"can_confirm": not is_somebody_elses(address.email, address.user)}


def _state(key: str) -> str:
    """Why the key of a link can't confirm an address: it is used, expired or broken."""
    max_age = 24 * 60 * 60 * app_settings.EMAIL_CONFIRMATION_EXPIRE_DAYS
    try:
        pk = signing.loads(key, max_age=max_age, salt=app_settings.SALT)
    except signing.SignatureExpired:
        return "expired"
    except signing.BadSignature:
        return "broken"
    return "used" if EmailAddress.objects.filter(pk=pk, verified=True).exists() else "broken"


@login_not_required
@require_POST
def resend(request: HttpRequest) -> HttpResponse:
    """Once more the mail of whoever has just signed up or logged in here, with or without an account."""
    login = unstash_login(request, peek=True)
    if login is None:
        messages.info(request, _("Log in, and we send you a new link."))
        return redirect("account_login")
    send_verification_email_at_login(request, login)
    messages.info(request, _("If the last mail is older than three minutes, another one is on its way."))
    return redirect("account_email_verification_sent")
