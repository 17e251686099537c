"""Browsers in which somebody has signed in before, by a cookie (OWASP: device cookies; docs/adr/0012).

The cookie holds, for each of a few accounts, its number and a name for this browser, signed with the account's password
hash: a new password makes every other browser unknown. It lets nobody in. It only gives this browser a count
of guesses of its own, and spares the mail about a new device.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from apps.accounts.models import User

ACCOUNTS_KEPT = 5  # a family's tablet


def known_device(request: HttpRequest, person: User) -> str | None:
    """This browser's name, if the person has signed in here before."""
    for entry in _entries(request):
        if entry.startswith(f"{person.pk}:"):
            try:
                return _signer(person).unsign(entry).partition(":")[2]
            except BadSignature:
                return None
    return None


def remember_device(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: whoever is signed in, so past every factor, is in a known browser from then on."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated and known_device(request, request.user) is None:
            person = request.user
            mine = _signer(person).sign(f"{person.pk}:{_name(request)}")
            others = [entry for entry in _entries(request) if not entry.startswith(f"{person.pk}:")]
            response.set_cookie(
                settings.DEVICE_COOKIE_NAME,
                ".".join([mine, *others][:ACCOUNTS_KEPT]),
                max_age=settings.DEVICE_COOKIE_AGE,
                path=settings.SESSION_COOKIE_PATH,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    return middleware


def _name(request: HttpRequest) -> str:
    """One for a session, however often and at one moment it comes without its cookie: each name is worth guesses."""
    return salted_hmac("apps.accounts.devices", request.session.session_key or "").hexdigest()[:16]


def _entries(request: HttpRequest) -> list[str]:
    return request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "").split(".")[:ACCOUNTS_KEPT]


def _signer(person: User) -> Signer:
    return Signer(salt=f"device {person.password}")
