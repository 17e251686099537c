"""What failed, and what an operator can do: a class's name alone helps nobody. Nothing in it that somebody wrote."""

import re
import socket
import sqlite3
import ssl

from django.db import DatabaseError, InterfaceError, OperationalError

from foodmood.telemetry.errors import chain, said

MISSING = {"42P01", "42703", "3F000"}  # PostgreSQL's codes: no such table, column or schema
NO_RIGHT = "42501"

CERTIFICATE = (
    "its certificate is not trusted ({}). For Heroku's, add ?ssl_cert_reqs=none to REDIS_URL; for one of your own,"
    " ?ssl_ca_certs=/path/to/it"
)
WANTS_TLS = "it closes the connection: if it wants TLS, REDIS_URL has to begin with rediss://"
# By redis-py's names, so that its client is not loaded where nobody uses it. The first that fits counts.
REDIS = {
    "AuthenticationError": "it refuses the log-in: check user and password in REDIS_URL, special characters as %xx",
    "AuthenticationWrongNumberOfArgsError": "it refuses the log-in: check user and password in REDIS_URL",
    "NoPermissionError": "its user may not run a command that FoodMood needs: check its ACL",
    "OutOfMemoryError": "its memory is full: raise maxmemory, or set maxmemory-policy allkeys-lru",
    "ReadOnlyError": "it is a replica, which takes no writes: REDIS_URL has to lead to the primary",
    "BusyLoadingError": "it is loading its data and will answer soon",
    "TimeoutError": "it does not answer in time: it is busy, a firewall stands in between, or it doesn't speak TLS and"
    " REDIS_URL begins with rediss://",
}


def explain(error: BaseException) -> str:
    """Return one clause without a full stop: "Connection refused: check DATABASE_URL, and that it is running"."""
    if any(each.__module__.startswith("redis.") for each in type(error).__mro__):
        return _of_redis(error)
    if type(error).__module__.startswith("botocore."):
        return _of_bucket(error)
    advice = _of_database(error) if isinstance(error, DatabaseError) else ""
    return ": ".join(filter(None, [said(error).rstrip("."), advice]))


def lacks_schema(error: BaseException) -> bool:
    """Return whether a table or column is missing, which a release adds."""
    for each in chain(error):
        if getattr(each, "sqlstate", None) in MISSING:
            return True
        if isinstance(each, sqlite3.OperationalError) and str(each).startswith(("no such table", "no such column")):
            return True
    return False


def lacks_right(error: BaseException) -> bool:
    return any(getattr(each, "sqlstate", None) == NO_RIGHT for each in chain(error))


def _of_database(error: DatabaseError) -> str:
    if lacks_schema(error):
        return "run `python manage.py release`"
    if lacks_right(error):
        return "grant it that right, or run deploy/postgres/roles.sql"
    if isinstance(error, (OperationalError, InterfaceError)):
        return "check DATABASE_URL, and that the database is running"
    return ""


def _of_bucket(error: BaseException) -> str:
    """Say the bucket's own code, such as AccessDenied or NoSuchBucket, if it gave an answer."""
    code = getattr(error, "response", {}).get("Error", {}).get("Code", "")
    if re.fullmatch(r"[A-Za-z0-9]{1,50}", code):
        return f"the bucket refuses ({code}): check BACKUP_S3_BUCKET, its region, endpoint and keys"
    return f"{type(error).__name__}: check BACKUP_S3_ENDPOINT, BACKUP_S3_REGION and the network"


def _of_redis(error: BaseException) -> str:
    causes = list(chain(error))
    names = [each.__name__ for cause in causes for each in type(cause).__mro__]
    told = next(filter(None, map(_of_network, causes)), "") or next(
        (REDIS[name] for name in names if name in REDIS), ""
    )
    if not told and "closed" in str(error):
        return WANTS_TLS
    return told or f"{type(error).__name__}: check REDIS_URL, and that it is running"


def _of_network(cause: BaseException) -> str:
    match cause:
        case ssl.SSLCertVerificationError():
            return CERTIFICATE.format(cause.verify_message.rstrip("."))
        case ssl.SSLError():
            return "TLS fails: if it doesn't speak TLS, REDIS_URL has to begin with redis://"
        case socket.gaierror():
            return "there is no such host: check REDIS_URL"
        case ConnectionRefusedError():
            return "it refuses connections: check host and port in REDIS_URL, and that it is running"
        case ConnectionResetError():
            return WANTS_TLS
    return ""
