"""Guesses at passwords and at codes of the second step: counted before they are judged (docs/adr/0012).

Two walls. axes locks an account for one address, which the next address goes around. The count here is one for all
unknown devices together, whatever their address, and one for each known device, so that an attack does not keep out
the person whose account it is; known devices come under a count of all known ones, too, which no stranger reaches. An
address without an account is counted like any other, or the count would tell.
"""

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from allauth.account.signals import password_reset
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.ratelimit import RateLimitUsage
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.core.cache import cache
from django.db.models import Max, Q
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.accounts.addresses import owner_of
from apps.accounts.devices import known_device
from apps.accounts.models import User
from foodmood.addresses import address_key
from foodmood.audit.models import Event, record
from foodmood.limits import named_address, seconds_left, take, too_many_requests

What = Literal["guess", "code"]

FITS = 200  # characters of an address, with a device behind them, in the columns of axes
LONGER_THAN_ANY_COUNT = 2 * 60 * 60


@dataclass(frozen=True)
class Guesser:
    """`address` is the account's own, whichever of its addresses was typed; `account` is its number if there is one."""

    address: str
    account: str
    device: str | None = None

    def counts(self, what: What) -> dict[str, str]:
        """The lines of RATE_LIMITS that hold for this one, each with the key to count under."""
        together = f"{self.account} {cache.get(_unlocked(self.account, what), '')}"
        if self.device is None:
            return {f"{what}-unknown-devices": together}
        return {f"{what}-known-device": f"{together} {self.device}", f"{what}-known-devices": together}


def count_guess(request: HttpRequest, credentials: Mapping[str, Any]) -> RateLimitUsage:
    """Before a password is looked at. Raises the 429 if there were too many; a right one is rolled back."""
    if AxesProxyHandler.is_locked(request, credentials):
        raise ImmediateHttpResponse(locked_out(request, None, credentials))
    return _count(request, _guesser(_typed(request, credentials), request), "guess")


@contextmanager
def counted_code(person: User) -> Iterator[None]:
    """Around the judging of a code or a passkey of the second step, in the place of allauth's own count."""
    request = context.request
    guess = _count(request, Guesser(person.email, str(person.pk), known_device(request, person)), "code")
    yield
    guess.rollback()


def _count(request: HttpRequest, guesser: Guesser, what: What) -> RateLimitUsage:
    counted = RateLimitUsage([])
    for action, key in guesser.counts(what).items():
        guess = take(request, action, key=key)
        if guess is None:
            counted.rollback()
            _note_lock_out(request, guesser, action, key)
            wait = seconds_left(request, action, key=key)
            raise ImmediateHttpResponse(too_many_requests(request, wait=wait, reason=what))
        counted.usage += guess.usage
    return counted


def _note_lock_out(request: HttpRequest, guesser: Guesser, action: str, key: str) -> None:
    """Once an hour: the trail must not grow with every guess of an attack. axes tells of its own locks."""
    told = f"lock-out:{hashlib.sha256(f'{action} {key}'.encode()).hexdigest()}"
    if guesser.account.isdecimal() and cache.add(told, True, 60 * 60):
        record(Event.LOCKED_OUT, request=request, person=int(guesser.account), detail=action)


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
    account = _guesser(address).account
    _forget_counts(account, "guess")
    _forget_counts(account, "code")
    forget_locks(address)


@receiver(password_reset)
def forget_codes(user: User, **_kwargs: Any) -> None:
    """Whoever used up the codes knew the password, and does not know the new one."""
    _forget_counts(str(user.pk), "code")


@receiver(pre_save, sender=AccessAttempt)
def keep_nothing_that_was_sent(instance: AccessAttempt, **_kwargs: Any) -> None:
    """What axes was told of a try. It masks the fields that it knows, but a password may stand in any."""
    instance.get_data = instance.post_data = ""


def _forget_counts(account: str, what: What) -> None:
    """Nobody knows all the devices: the counts get new names, and the old ones run out."""
    cache.set(_unlocked(account, what), secrets.token_hex(8), LONGER_THAN_ANY_COUNT)


def _guesser(typed: str, request: HttpRequest | None = None) -> Guesser:
    address = address_key(typed)
    person = owner_of(address)
    if person is None:
        return Guesser(address, account=address)
    return Guesser(person.email, str(person.pk), known_device(request, person) if request else None)


def _typed(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    given = credentials or {}
    return str(given.get("email") or given.get("username") or named_address(request))


def _unlocked(account: str, what: What) -> str:
    return f"unlocked:{what}:{hashlib.sha256(account.encode()).hexdigest()}"
