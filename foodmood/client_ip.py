"""Whose address a request comes from: the one answer for rate limits, lock-outs and logs."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest

# How some load balancers write a hop: 203.0.113.9:5678, [2001:db8::7]:5678
WITH_PORT = re.compile(r"\[([^\]]+)\](?::\d+)?|([^:]+):\d+")


def client_ip(request: HttpRequest) -> str:
    """The address that the outermost of our own proxies saw; without proxies, the connection's.

    Counted from the right of X-Forwarded-For, because everything further left was written by strangers. A
    request with fewer hops came around our proxies, or TRUSTED_PROXY_COUNT is wrong: raises BadRequest (400).
    """
    if not settings.TRUSTED_PROXY_COUNT:
        # A socket file has no address; PostgreSQL has no other word for none in a column of addresses.
        return str(request.META.get("REMOTE_ADDR") or IPv4Address(0))
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    try:
        hop = hops[-settings.TRUSTED_PROXY_COUNT].strip()
        ported = WITH_PORT.fullmatch(hop)
        address = ip_address(ported[1] or ported[2] if ported else hop)
    except (IndexError, ValueError) as error:
        raise BadRequest("X-Forwarded-For does not hold what TRUSTED_PROXY_COUNT promises") from error
    # How a proxy that listens on both writes IPv4. Limits count an IPv6 network as one: this one would be everybody.
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)
