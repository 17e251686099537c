"""allauth's views with what they lack: counts that hold for parallel requests, short sessions for strangers."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account_views
from allauth.mfa.webauthn import views as webauthn_views
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from apps.accounts.diary import lock_diary
from apps.accounts.models import User

CHALLENGE_SECONDS = 10 * 60

View = Callable[..., HttpResponse]


def one_at_a_time(view: View) -> View:
    """Process the forms of one person one after the other: the next sees in its count what the last one added."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in {"POST", "PUT"} or not isinstance(request.user, User):
            return view(request, *args, **kwargs)
        with transaction.atomic():
            lock_diary(request.user)
            return view(request, *args, **kwargs)

    return answer


email = one_at_a_time(account_views.email)
add_passkey = one_at_a_time(webauthn_views.add_webauthn)


class LogInWithPasskey(webauthn_views.LoginWebAuthnView):  # type: ignore[misc] # allauth is published without types
    """Anybody may ask for a challenge, which takes a session. One that was made for it is gone with the challenge."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_new = request.session.session_key is None
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        if is_new and not request.user.is_authenticated and not request.session.is_empty():
            request.session.set_expiry(CHALLENGE_SECONDS)
        return answer
