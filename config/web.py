"""What the environment may say of the web: what stands in front of it, and gunicorn, which serves it."""

import re
from ipaddress import IPv6Address

from config.parsers import contact, count, flag, origin, origins, port, positive, words
from config.variables import BadValueError, Variable

# The first segments of every other address; a test holds them to config/urls.py.
TAKEN = {
    *("account", "accounts", "csp-report", "data", "day", "edibles", "health", "insights", "language", "log", "mail"),
    *("meals", "metrics", "privacy", "ready", "static", "wellbeing"),
}


def admin_path(value: str) -> str:
    path = value.strip("/") + "/"
    if not re.fullmatch(r"([A-Za-z0-9][A-Za-z0-9_-]*/)+", path):
        raise BadValueError(f"is {value!r}: write letters, digits, - and _, e.g. back-office/")
    if path.partition("/")[0] in TAKEN:
        raise BadValueError(f"is {value!r}, which FoodMood uses itself: choose another, e.g. back-office/")
    return path


def addresses(value: str) -> list[str]:
    """Where to listen, as gunicorn writes it: 127.0.0.1:8000, [::1]:8000, unix:/run/foodmood.sock."""
    found = words(value)
    for each in found:
        if re.fullmatch(r"unix:/[^\s,]+", each):
            continue
        named = re.fullmatch(r"(?:\[([0-9A-Fa-f:.]+)\]|[A-Za-z0-9.-]+):([0-9]+)", each)
        if not named or (named[1] and not _is_ipv6(named[1])):
            raise BadValueError(
                f"holds {each!r}: write an address and a port, such as 127.0.0.1:8000 or [::1]:8000, or a socket file,"
                " such as unix:/run/foodmood/web.sock"
            )
        port(named[2])
    return found


def _is_ipv6(value: str) -> bool:
    try:
        IPv6Address(value)
    except ValueError:
        return False
    return True


def sub_path(value: str) -> str:
    path = value.rstrip("/")
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)*", path):
        raise BadValueError(f"is {value!r}: write a path that begins with /, e.g. /food")
    return path


WEB_VARIABLES = (
    Variable(
        "TRUSTED_PROXY_COUNT",
        count,
        "How many proxies of yours stand in front. Their X-Forwarded-* headers are believed, no others.",
        default="0",
    ),
    Variable(
        "DJANGO_CSRF_TRUSTED_ORIGINS",
        origins,
        "Further origins that forms may be sent from, e.g. https://www.example.org, or its own with a port.",
    ),
    Variable(
        "DJANGO_SITE_URL",
        origin,
        "Where this site is, for the links of mails that the worker writes. https:// and the first allowed host"
        " if not set.",
        example="https://food.example.org",
    ),
    Variable(
        "SECURITY_CONTACT",
        contact,
        "Whom to tell about a vulnerability: an e-mail address or an https:// page. It is published at"
        " /.well-known/security.txt, which does not exist without it.",
        example="security@example.org",
    ),
    Variable("DJANGO_ADMIN_PATH", admin_path, "Where the administration is.", default="admin/"),
    Variable(
        "SCRIPT_NAME",
        sub_path,
        "The path that this site is below, if the host has others, e.g. /food. The proxy may remove it or leave it.",
        example="/food",
    ),
    Variable(
        "DJANGO_HTTPS",
        flag,
        "prod: 0 serves plain http, for a network that you trust, such as at home: no HSTS, no redirect to https, and"
        " cookies that anybody on the network can read.",
        default="1",
    ),
    Variable("DJANGO_SSL_REDIRECT", flag, "prod: send http:// to https://.", default="1"),
    Variable(
        "DJANGO_HSTS_SECONDS",
        count,
        "prod: for how long browsers remember to use https only.",
        default="31536000",
    ),
)

GUNICORN_VARIABLES = (
    Variable("PORT", port, "The port to listen on, unless BIND says where.", default="8000"),
    Variable(
        "BIND",
        addresses,
        "Where to listen, separated by commas: 127.0.0.1:8000 if only a proxy on this machine may connect,"
        " [::1]:8000, or unix:/path/to/socket. Not set: every interface, at PORT.",
        example="127.0.0.1:8000",
    ),
    Variable("WEB_CONCURRENCY", positive, "Web processes. Each takes about 100 MB.", default="2"),
    Variable("WEB_THREADS", positive, "Threads in each web process.", default="4"),
    Variable(
        "WEB_TIMEOUT",
        positive,
        "Seconds that a web process may hang before it is replaced.",
        default="30",
    ),
    Variable(
        "WEB_GRACEFUL_TIMEOUT",
        positive,
        "Seconds that requests may take to end when FoodMood is stopped. Platforms kill after 30.",
        default="25",
    ),
    Variable("WEB_KEEPALIVE", positive, "Seconds that a connection is kept for its next request.", default="5"),
    Variable(
        "WEB_MAX_REQUESTS",
        count,
        "Requests after which a web process is replaced, so that a slow leak never gets far; 0: never.",
        default="2000",
    ),
)
