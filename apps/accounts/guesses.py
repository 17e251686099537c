"""Guesses at passwords: counted before they are judged (docs/adr/0012).

Two walls. axes locks an account for one address, which the next address goes around. The count here is one for all
unknown devices together, whatever their address, and one for each known device, so that an attack does not keep out
the person whose account it is. An address without an account is counted like any other, or the count would tell.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.ratelimit import RateLimitUsage
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.core.cache import cache
from django.db.models import Max, Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.accounts.addresses import owner_of
from apps.accounts.devices import known_device
from foodmood.addresses import address_key
from foodmood.audit.models import Event, record
from foodmood.limits import named_address, seconds_left, take, too_many_requests

FITS = 200  # characters of an address, with a device behind them, in the columns of axes
LONGER_THAN_ANY_COUNT = 2 * 60 * 60


@dataclass(frozen=True)
class Guesser:
    """`address` is the account's own, whichever of its addresses was typed; `account` is its number if there is one."""

    address: str
    account: str
    device: str | None = None

    @property
    def action(self) -> str:
        return "guess-known-device" if self.device else "guess-unknown-devices"

    @property
    def key(self) -> str:
        return f"{self.account} {_since_unlocked(self.account)} {self.device or ''}"


def count_guess(request: HttpRequest, credentials: Mapping[str, Any]) -> RateLimitUsage:
    """Before a password is looked at. Raises the 429 if there were too many; a right one is rolled back."""
    if AxesProxyHandler.is_locked(request, credentials):
        raise ImmediateHttpResponse(locked_out(request, None, credentials))
    guesser = _guesser(_typed(request, credentials), request)
    guess = take(request, guesser.action, key=guesser.key)
    if guess is None:
        _note_lock_out(request, guesser)
        wait = seconds_left(request, guesser.action, key=guesser.key)
        raise ImmediateHttpResponse(too_many_requests(request, wait=wait, reason="guess"))
    return guess


def _note_lock_out(request: HttpRequest, guesser: Guesser) -> None:
    """Once an hour: the trail must not grow with every guess of an attack. axes tells of its own locks."""
    told = f"lock-out:{hashlib.sha256(guesser.key.encode()).hexdigest()}"
    if guesser.account.isdecimal() and cache.add(told, True, 60 * 60):
        record(Event.LOCKED_OUT, request=request, person=int(guesser.account), detail=guesser.action)


def counter_name(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """AXES_USERNAME_CALLABLE: the same for the site and the admin; a known device has a name of its own."""
    guesser = _guesser(_typed(request, credentials), request)
    name = guesser.address[:FITS]
    return f"{name} {guesser.device}" if guesser.device else name


def locked_out(request: HttpRequest, _answer: HttpResponse | None, credentials: Mapping[str, Any]) -> HttpResponse:
    """AXES_LOCKOUT_CALLABLE."""
    (attempts,) = AxesProxyHandler.get_implementation().get_user_attempts(request, credentials)
    newest = attempts.aggregate(newest=Max("attempt_time"))["newest"] or timezone.now()
    wait = newest + settings.AXES_COOLOFF_TIME - timezone.now()
    return too_many_requests(request, wait=wait.total_seconds(), reason="guess")


def forget_locks(address: str) -> None:
    """Unlocks the account for every address, as a new password does. The count of unknown devices stays: whoever
    attacks goes on, and 20 guesses an hour are 20 whatever happens in that hour.
    """
    name = _guesser(address).address[:FITS]
    AccessAttempt.objects.filter(Q(username=name) | Q(username__startswith=f"{name} ")).delete()


def unlock(address: str) -> None:
    """As an operator does: forgets every lock and every count of the account, on whatever device."""
    # Nobody knows all the devices: the counts get new names, and the old ones run out.
    cache.set(_unlocked(_guesser(address).account), secrets.token_hex(8), LONGER_THAN_ANY_COUNT)
    forget_locks(address)


def _guesser(typed: str, request: HttpRequest | None = None) -> Guesser:
    address = address_key(typed)
    person = owner_of(address)
    if person is None:
        return Guesser(address, account=address)
    return Guesser(person.email, str(person.pk), known_device(request, person) if request else None)


def _typed(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    given = credentials or {}
    return str(given.get("email") or given.get("username") or named_address(request))


def _since_unlocked(account: str) -> str:
    return str(cache.get(_unlocked(account), ""))


def _unlocked(account: str) -> str:
    return f"unlocked:{hashlib.sha256(account.encode()).hexdigest()}"
