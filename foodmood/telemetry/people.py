"""Who it was: a number that only the secret key makes out of an account's, or out of a client's address."""

from datetime import date
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import SimpleLazyObject

from foodmood.client_ip import client_ip

IPV6_NETWORK = 64  # bits that one household has; a device changes the rest every day


def hash_of(user_id: Any, secret: str | bytes | None = None) -> str:
    """The same for one account as long as the secret key stays; `secret` is a former key."""
    key = secret or settings.SECRET_KEY
    return salted_hmac("foodmood.telemetry.people", str(user_id), secret=key, algorithm="sha256").hexdigest()[:16]


def user_hash(request: HttpRequest) -> str | None:
    """Of who is signed in, if the request has found that out: it causes no query."""
    user = getattr(request, "user", AnonymousUser())
    if isinstance(user, SimpleLazyObject):
        user = getattr(request, "_cached_user", AnonymousUser())  # where Django keeps whom it loaded
    return hash_of(user.pk) if user.is_authenticated else None


def client_name(request: HttpRequest) -> str | None:
    """The address that a request came from, as LOG_CLIENT_IP wants it in the log; None if it is not to be there."""
    if settings.LOG_CLIENT_IP == "none":
        return None
    try:
        address = client_ip(request)
        return address if settings.LOG_CLIENT_IP == "full" else _client_hash(address, timezone.now().date())
    except (BadRequest, ValueError):  # not an address; the answer to a wrong X-Forwarded-For says so
        return None


@lru_cache(maxsize=1024)
def _client_hash(address: str, day: date) -> str:
    """The same for one client for one day (UTC). Without the secret key it can't be computed from an address."""
    ip = ip_address(address)
    client = ip_network((ip, IPV6_NETWORK), strict=False) if isinstance(ip, IPv6Address) else ip
    return salted_hmac("foodmood.telemetry.client", f"{day} {client}", algorithm="sha256").hexdigest()[:12]
