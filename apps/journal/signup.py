from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.adapter import get_adapter
from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.accounts.addresses import owner_of
from apps.accounts.consent import ConsentField, agree
from apps.accounts.invitations import accept, remembered
from apps.accounts.models import User, validate_time_zone
from apps.accounts.zones import present_name
from apps.wellbeing.starter import create_starter_categories


class SignupForm(AllauthSignupForm):  # type: ignore[misc] # allauth is published without types
    """Signing up opens a diary: with the browser's time zone, the page's language and the starter categories."""

    consent = ConsentField()
    time_zone = forms.Field(required=False, widget=forms.HiddenInput(attrs={"data-time-zone": True}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        invitation = remembered(allauth_context.request)
        if invitation:  # it is for that address and no other
            self.initial["email"] = invitation.email
            self.fields["email"].disabled = True
            self.fields["email"].help_text = _("You are invited with this address.")

    def clean_time_zone(self) -> str:
        """The browser's word, unless it is none: nobody typed it, so nobody can mend it."""
        name = str(self.cleaned_data["time_zone"])
        try:
            validate_time_zone(name)
        except ValidationError:
            return "UTC"
        return present_name(name)

    def validate_unique_email(self, value: str) -> str:
        """What somebody has merely added to their list is free for whose it is."""
        self.account_already_exists = owner_of(value) is not None
        if self.account_already_exists and not _mail_tells():
            raise get_adapter().validation_error("email_taken")
        return value

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """An address that has an account gets a mail that says so; this page answers as ever, and takes as long."""
        if self.account_already_exists:
            User().set_password(self.cleaned_data["password1"])
        saved: tuple[User | None, HttpResponse | None] = super().try_save(request)
        return saved

    def save(self, request: HttpRequest) -> User:
        try:
            with transaction.atomic():
                user: User = super().save(request)
                create_starter_categories(owner=user)
                accept(request=request, user=user)
        except IntegrityError as error:  # the same form, sent twice in one moment
            raise ImmediateHttpResponse(_same_answer(request)) from error
        return user

    def custom_signup(self, request: HttpRequest, user: Any) -> None:
        user.time_zone = self.cleaned_data["time_zone"]
        user.language = get_language() or settings.LANGUAGE_CODE
        user.save(update_fields=["time_zone", "language"])
        agree(user)


def _mail_tells() -> bool:
    """Whether it is a mail that tells of an account with the address, so that the page need not."""
    return bool(account_settings.EMAIL_VERIFICATION == account_settings.EmailVerificationMethod.MANDATORY)


def _same_answer(request: HttpRequest) -> HttpResponse:
    """What the other of two forms gets: nobody learns which was first."""
    if _mail_tells():
        answer: HttpResponse = get_adapter().respond_email_verification_sent(request, None)
        return answer
    return redirect("account_login")
