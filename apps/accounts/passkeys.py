"""allauth's forms of passkeys, which take what browsers send; anything else is a wrong answer and no fault."""

import binascii
import json
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as allauth_forms
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.accounts.guesses import counted_code
from apps.accounts.models import User

MOST_PASSKEYS = 20


@contextmanager
def _wrong_unless_well_formed() -> Iterator[None]:
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError, binascii.Error, struct.error) as error:
        raise get_adapter().validation_error("incorrect_code") from error


class _Decoder(json.JSONDecoder):
    """Python reads no number of thousands of digits and no endless nest: to a form's field, they are no JSON."""

    def decode(self, s: str, *where: Any) -> Any:
        try:
            return super().decode(s, *where)
        except (ValueError, RecursionError) as error:
            raise json.JSONDecodeError("not readable", "", 0) from error


class _CredentialForm(forms.Form):
    credential = forms.JSONField(decoder=_Decoder, widget=forms.HiddenInput)


class AddPasskeyForm(_CredentialForm, allauth_forms.AddWebAuthnForm):  # type: ignore[misc] # allauth is published without types
    passwordless = forms.BooleanField(
        label=_("Log in with it alone"),
        required=False,
        initial=True,
        help_text=_(
            "It then asks for a finger, a face or a PIN. Not ticked, it is the second step after the password."
        ),
    )

    def clean(self) -> dict[str, Any]:
        keys = Authenticator.objects.filter(user=self.user, type=Authenticator.Type.WEBAUTHN)
        if keys.count() >= MOST_PASSKEYS:
            message = _("You can have at most %(most)d passkeys. Remove one first.")
            raise ValidationError(message, params={"most": MOST_PASSKEYS})
        with _wrong_unless_well_formed():
            return super().clean() or {}


class _AnswerForm(_CredentialForm):
    def clean_credential(self) -> Authenticator:
        with _wrong_unless_well_formed():
            return super().clean_credential()  # type: ignore[misc] # of allauth's form beside it


class _CountedForm(_AnswerForm):
    user: User

    def clean_credential(self) -> Authenticator:
        with counted_code(self.user):
            return super().clean_credential()


class AuthenticateForm(_CountedForm, allauth_forms.AuthenticateWebAuthnForm):  # type: ignore[misc] # as above
    pass


class LoginForm(_AnswerForm, allauth_forms.LoginWebAuthnForm):  # type: ignore[misc] # as above
    pass


class ReauthenticateForm(_CountedForm, allauth_forms.ReauthenticateWebAuthnForm):  # type: ignore[misc] # as above
    pass
