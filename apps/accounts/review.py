"""After a reset: what else opens the account, so that its owner removes what somebody else added."""

from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.manage_email import delete_email
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.flows import deactivate_totp
from allauth.mfa.webauthn.internal.flows import remove_authenticator
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from apps.accounts.models import User
from apps.accounts.requests import PersonRequest
from foodmood.requests import posted

REMOVE: dict[str, Callable[[HttpRequest, Authenticator], None]] = {
    Authenticator.Type.TOTP: deactivate_totp,
    Authenticator.Type.WEBAUTHN: remove_authenticator,
}


def other_addresses(person: User) -> QuerySet[EmailAddress]:
    addresses: QuerySet[EmailAddress] = EmailAddress.objects.filter(user=person, primary=False).order_by("email")
    return addresses


def factors(person: User) -> QuerySet[Authenticator]:
    """Recovery codes go with the last factor."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user=person, type__in=REMOVE).order_by("pk")
    return found


def should_review(request: HttpRequest, person: User) -> bool:
    """Whether this log-in was by a reset, and the account has more ways in than its password."""
    was_reset = any(record["method"] == "password_reset" for record in get_authentication_records(request, person))
    return was_reset and (other_addresses(person).exists() or factors(person).exists())


def _name(factor: Authenticator) -> str:
    return str(factor.wrap().name) if factor.type == Authenticator.Type.WEBAUTHN else _("Authenticator app")


class ReviewForm(forms.Form):
    addresses = forms.MultipleChoiceField(
        label=gettext_lazy("E-mail addresses"), required=False, widget=forms.CheckboxSelectMultiple
    )
    factors = forms.MultipleChoiceField(
        label=gettext_lazy("Passkeys and authenticator apps"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("addresses", {str(each.pk): each.email for each in other_addresses(person)})
        self._offer("factors", {str(each.pk): _name(each) for each in factors(person)})

    def _offer(self, name: str, choices: dict[str, str]) -> None:
        self.fields[name].choices = list(choices.items())  # type: ignore[attr-defined] # both are fields of choices
        if not choices:
            del self.fields[name]


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator] # allauth is published without types
def review(request: PersonRequest) -> HttpResponse:
    form = ReviewForm(posted(request), person=request.user)
    if form.is_valid():
        for address in other_addresses(request.user).filter(pk__in=form.cleaned_data.get("addresses", ())):
            delete_email(request, address)
        for factor in factors(request.user).filter(pk__in=form.cleaned_data.get("factors", ())):
            REMOVE[factor.type](request, factor)
        return redirect("accounts:profile")
    return render(request, "accounts/review.html", {"form": form}, status=422 if form.is_bound else 200)
