"""Changing a password: whoever has a second factor shows it first, because a session may be older than the factor."""

from allauth.account.decorators import reauthentication_required
from allauth.account.views import password_change, password_set
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest


def _has_factor(request: HttpRequest) -> bool:
    return bool(is_mfa_enabled(request.user))


change = reauthentication_required(password_change, enabled=_has_factor)
choose = reauthentication_required(password_set, enabled=_has_factor)
