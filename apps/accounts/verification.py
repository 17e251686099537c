"""The pages around the link that proves an address."""

from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordKeyForm
from allauth.account.internal.flows.email_verification import send_verification_email_at_login
from allauth.account.internal.flows.password_reset import perform_password_reset_login, reset_password
from allauth.account.internal.stagekit import unstash_login
from allauth.account.models import EmailAddress
from allauth.account.signals import user_signed_up
from allauth.account.views import ConfirmEmailView
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.db import transaction
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.addresses import is_somebody_elses
from apps.accounts.diary import lock_diary
from apps.accounts.models import User
from foodmood.audit.models import Event, record

SIGNED_UP = "signed_up"  # in the session: whose account was made in this browser


@receiver(user_signed_up)
def remember_sign_up(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    request.session[SIGNED_UP] = user.pk


class ConfirmAddress(ConfirmEmailView):  # type: ignore[misc] # allauth is published without types
    """allauth's page, for browsers in which the account is used. In others, the link alone gives nobody else's account
    a verified address: whoever signed up or added the address may not be whoever reads its mail (docs/adr/0031).

    It also says what is wrong with a link that does not work.
    """

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        answer: HttpResponse
        try:
            self.object = self.get_object()
        except Http404:
            answer = self.get(*args, **kwargs)
            return answer
        address = self.object.email_address
        if is_used_here(self.request, address):
            answer = super().post(*args, **kwargs)
        elif is_untouched(address):
            answer = self._take_over(address)
        else:
            answer = self.get(*args, **kwargs)
        return answer

    def _take_over(self, address: EmailAddress) -> Any:
        form = ResetPasswordKeyForm(self.request.POST, user=address.user)
        if form.is_valid():
            # First, so that the change is not taken for one by whoever is logged in here.
            self.logout_other_user(self.object)
        if form.is_valid() and take_over(
            request=self.request, address=address, password=form.cleaned_data["password1"]
        ):
            return perform_password_reset_login(self.request, address.user, email=address.email)
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def logout_other_user(self, confirmation: Any) -> None:
        """Opening a link logs nobody out."""
        if self.request.method == "POST" and not is_used_here(self.request, confirmation.email_address):
            super().logout_other_user(confirmation)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if self.object is None:
            return context | {"link_is": _state(self.kwargs["key"])}
        address = self.object.email_address
        context["can_confirm"] = not is_somebody_elses(address.email, address.user)
        context["is_used_here"] = is_used_here(self.request, address)
        if is_untouched(address):
            context.setdefault("form", ResetPasswordKeyForm(user=address.user))
        return context


def is_used_here(request: HttpRequest, address: EmailAddress) -> bool:
    """Whether this browser is logged in to the account of the address, is logging in to it, or signed up for it."""
    login = unstash_login(request, peek=True)
    logging_in = login.user.pk if login and login.user else None
    return address.user_id in {request.user.pk, logging_in, request.session.get(SIGNED_UP)}


def is_untouched(address: EmailAddress) -> bool:
    """Whether it is the address of an account that nobody has proven to be theirs or logged in to yet."""
    account = address.user
    proven = EmailAddress.objects.filter(user=account, verified=True)
    return account.last_login is None and account.email == address.email and not proven.exists()


@transaction.atomic
def take_over(*, request: HttpRequest, address: EmailAddress, password: str) -> bool:
    """Give an untouched account to whoever reads its mail: with their password, and nothing of whoever signed up.

    False if the account was used or the address proven in the meantime.
    """
    lock_diary(address.user)
    address.refresh_from_db()
    if not is_untouched(address):
        return False
    account = address.user
    EmailAddress.objects.filter(user=account).exclude(pk=address.pk).delete()
    Authenticator.objects.filter(user=account).delete()
    User.objects.filter(pk=account.pk).update(consented_at=None, consent_version="")  # it was somebody else's word
    account.refresh_from_db()
    account.consented_at, account.consent_version = None, ""  # whoever signed up agreed, not this person
    reset_password(account, password)
    record(Event.PASSWORD_RESET, request=request, person=account.pk)
    return bool(get_adapter().confirm_email(request, address))


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
