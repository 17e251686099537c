"""How often something may be done, counted over all processes in the shared cache.

The rates stand in settings.RATE_LIMITS; allauth's limiter keeps them. A request that comes too often is answered
with a 429 that says when to try again.
"""

import logging
import math
import time
from collections.abc import Callable
from typing import Any, Literal

from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.log import log_response

from foodmood.addresses import address_key
from foodmood.mail import mail_is_sent
from foodmood.password_hashing import HashingBusyError

logger = logging.getLogger(__name__)

BUSY_SECONDS = 5  # until somebody should try again whose password could not be checked
NOTICE = {"HX-Retarget": "#main", "HX-Reswap": "afterbegin show:window:top"}


class RateLimits:
    """Middleware: counts a request before its view runs, if settings.RATE_LIMITS has a line for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        match = request.resolver_match
        method = "GET" if request.method == "HEAD" else request.method
        action = f"{method}:{match.view_name if match else ''}"
        if action not in settings.RATE_LIMITS:
            return None
        # A form that names no address is counted with where it comes from.
        key = named_address(request) or ratelimit.get_ip(request)
        if take(request, action, key=key):
            return None
        return too_many_requests(
            request,
            wait=seconds_left(request, action, key=key),
            reason="mail" if "/key" in settings.RATE_LIMITS[action] else "",
        )

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, HashingBusyError):
            return None
        answer = render(request, "busy.html", status=503)
        answer.headers["Retry-After"] = str(BUSY_SECONDS)
        # A warning: Django would log an error for each request of a flood.
        log_response(
            "Too many passwords are being checked.", response=answer, request=request, logger=logger, level="warning"
        )
        return answer


def named_address(request: HttpRequest) -> str:
    """The mail address that an account's form is about, in the one spelling that it is counted by."""
    named = request.POST.get("email") or request.POST.get("login") or request.POST.get("username") or ""
    return address_key(named)


def take(request: HttpRequest, action: str, *, key: str) -> "ratelimit.RateLimitUsage | None":
    """Counts one more, and says whether it was within the limit; what it returns can be rolled back."""
    return ratelimit.consume(
        request, app="foodmood", action=action, config=settings.RATE_LIMITS, key=key, limit_get=True
    )


def seconds_left(request: HttpRequest, action: str, *, key: str) -> float:
    """Until the limit lets one more through."""
    waits = [0.0]
    for rate in ratelimit.get_rates(app="foodmood", action=action, config=settings.RATE_LIMITS):
        cache_key = ratelimit.get_cache_key(request, app="foodmood", action=action, rate=rate, key=key)
        moments = cache.get(cache_key, [])  # the newest first
        if len(moments) >= rate.amount:
            waits.append(moments[rate.amount - 1] + rate.duration - time.time())
    return max(waits)


def too_many_requests(
    request: HttpRequest, *, wait: float, reason: Literal["guess", "code", "mail", ""] = ""
) -> HttpResponse:
    """The 429. In place of a fragment it is a notice at the top of the page, which loses nothing that was typed.

    A page about a `guess` or a `code` shows the way in by mail, and one about a `mail` says that those sent before
    still hold: whoever uses up somebody's mails has sent them those.
    """
    seconds = max(math.ceil(wait), 1)
    context = {"minutes": math.ceil(seconds / 60), "reason": reason, "mail_is_sent": mail_is_sent()}
    fragment = bool(request.headers.get("HX-Request"))
    answer = render(request, "components/too_many.html" if fragment else "429.html", context, status=429)
    for name, value in ({"Retry-After": str(seconds)} | (NOTICE if fragment else {})).items():
        answer.headers[name] = value
    return answer


def handler429(request: HttpRequest) -> HttpResponse:
    """What allauth answers where it counts by itself: those rates are all per minute."""
    return too_many_requests(request, wait=60)
