"""Where a request came from, as far as it can be written down."""

import re

from django.core.exceptions import BadRequest
from django.http import HttpRequest

from foodmood.client_ip import client_ip

LONGEST = 200


def address(request: HttpRequest) -> str | None:
    try:
        return client_ip(request) or None
    except BadRequest:  # it came around our proxies; it is refused elsewhere
        return None


def browser(request: HttpRequest) -> str:
    """What the browser calls itself: claimed, not proved."""
    return re.sub(r"[^\x20-\x7e]", "", request.headers.get("User-Agent", ""))[:LONGEST]
