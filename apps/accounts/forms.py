from typing import Any

from allauth.account.forms import AddEmailForm as AllauthAddEmailForm
from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from allauth.account.models import EmailAddress
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.accounts.addresses import owner_of
from apps.accounts.models import User
from apps.accounts.zones import present_name, zones_by_region
from foodmood.addresses import LONGEST, address_key, normal_address
from foodmood.clock import HourFormat
from foodmood.fields import ClockField
from foodmood.mail import mail_is_sent


class LoginForm(AllauthLoginForm):  # type: ignore[misc] # allauth is published without types
    """Offers the way back to a forgotten password only where a mail can carry it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not mail_is_sent():
            self.fields["password"].help_text = ""

    def clean_login(self) -> str:
        return address_key(super().clean_login())


class ChangePasswordForm(AllauthChangePasswordForm):  # type: ignore[misc] # as above
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not mail_is_sent():
            self.fields["oldpassword"].help_text = ""


class ResetPasswordForm(AllauthResetPasswordForm):  # type: ignore[misc] # as above
    def clean_email(self) -> str:
        """The link is for whose address it is, and not for who has merely added it to their list."""
        email = normal_address(self.cleaned_data["email"])
        owner = owner_of(email)
        self.users = [owner] if owner and owner.is_active else []
        return email


class AddEmailForm(AllauthAddEmailForm):  # type: ignore[misc] # as above
    @transaction.atomic
    def save(self, request: HttpRequest) -> EmailAddress:
        """Not on the list if its link can't be sent, or not yet."""
        return super().save(request)


class InvitationForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"), max_length=LONGEST, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )

    def clean_email(self) -> str:
        return normal_address(self.cleaned_data["email"])


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg] # not generic at run time
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("Decides when a day begins, and how times are shown. What you logged keeps its moment."),
        error_messages={"invalid_choice": _("That is no time zone. Choose one from the list.")},
    )

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    hour_format = forms.ChoiceField(
        label=_("Times of day"),
        choices=HourFormat.choices,
        required=False,
        help_text=_("How times are written on every page and in mails."),
    )
    remind_at = ClockField(
        label=_("Remind me at"),
        required=False,
        help_text=_("By mail, on days on which you have logged nothing yet. Leave it empty for none."),
    )

    class Meta:
        model = User
        fields = ["language", "time_zone", "hour_format", "remind_at"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["time_zone"] = present_name(self.instance.time_zone)
        self.fields["time_zone"].choices = zones_by_region(self.initial["time_zone"])  # type: ignore[attr-defined] # its field is known
        if not mail_is_sent():
            del self.fields["remind_at"]
