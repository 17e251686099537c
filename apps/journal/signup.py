from typing import Any

from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.core.exceptions import ImmediateHttpResponse
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import get_language

from apps.accounts.models import User, validate_time_zone
from apps.wellbeing.starter import create_starter_categories


class SignupForm(AllauthSignupForm):  # type: ignore[misc] # allauth is published without types
    """Signing up opens a diary: with the browser's time zone, the page's language and the starter categories."""

    time_zone = forms.Field(required=False, widget=forms.HiddenInput(attrs={"data-time-zone": True}))

    def clean_time_zone(self) -> str:
        """The browser's word, unless it is none: nobody typed it, so nobody can mend it."""
        name = str(self.cleaned_data["time_zone"])
        try:
            validate_time_zone(name)
        except ValidationError:
            return "UTC"
        return name

    def save(self, request: HttpRequest) -> User:
        try:
            with transaction.atomic():
                user: User = super().save(request)
                create_starter_categories(owner=user)
        except IntegrityError as error:  # the same form, sent twice in one moment
            raise ImmediateHttpResponse(redirect("account_login")) from error
        return user

    def custom_signup(self, request: HttpRequest, user: Any) -> None:
        user.time_zone = self.cleaned_data["time_zone"]
        user.language = get_language() or settings.LANGUAGE_CODE
        user.save(update_fields=["time_zone", "language"])
