"""allauth's forms of the second step's codes, with our counts and 429 in the place of its own."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as allauth_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.utils import encrypt

from apps.accounts.guesses import counted_code
from apps.accounts.models import User


class _CountedMixin:
    user: User

    def clean_code(self) -> str:
        with counted_code(self.user):
            code: str = super().clean_code()  # type: ignore[misc] # of allauth's form beside it
        return code


class AuthenticateForm(_CountedMixin, allauth_forms.AuthenticateForm):  # type: ignore[misc] # allauth is published without types
    pass


class ReauthenticateForm(_CountedMixin, allauth_forms.ReauthenticateForm):  # type: ignore[misc] # as above
    pass


class ActivateForm(ActivateTOTPForm):  # type: ignore[misc] # as above
    def clean_code(self) -> str:
        """The code is used up by this, like by a log-in: it may have been read over a shoulder."""
        code: str = super().clean_code()
        app = Authenticator(user=self.user, type=Authenticator.Type.TOTP, data={"secret": encrypt(self.secret)})
        if not app.wrap().validate_code(code):
            raise get_adapter().validation_error("incorrect_code")
        return code
