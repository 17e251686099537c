"""Who it was, for somebody who may ask the database: a number that only the secret key makes out of an account's."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.functional import SimpleLazyObject


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
