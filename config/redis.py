"""What REDIS_URL may say. Checked without Redis' client, which only those load who use it."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from config.parsers import check_login, count, existing_file, one_of, positive, text
from config.variables import BadValueError

MEND = "write redis://USER:PASSWORD@HOST:6379/0, or rediss:// for TLS, special characters as %xx"
HOST = r"([^\s/?#@:]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?"
LOGIN = r"([^\s/?#@]*@)?"
OPTIONS = r"(\?[^\s#@]*)?"  # an @ there would be that of a login, whose password has a question mark


def seconds(value: str) -> float:
    if not re.fullmatch(r"[0-9]{1,5}(\.[0-9]{1,9})?", value) or float(value) == 0:
        raise BadValueError(f"is {value!r}: write seconds, more than 0, e.g. 0.5")
    return float(value)


# redis-py takes any of its arguments as a text, and fails with most when it connects: then nobody would notice.
ALLOWED: Mapping[str, Callable[[str], Any]] = {
    "db": count,
    "username": text,
    "password": text,
    "client_name": text,
    "max_connections": positive,
    "health_check_interval": count,
    "socket_timeout": seconds,
    "socket_connect_timeout": seconds,
    "socket_keepalive": one_of("1", "0"),
}
ALLOWED_WITH_TLS: Mapping[str, Callable[[str], Any]] = {
    **ALLOWED,
    "ssl_cert_reqs": one_of("none", "optional", "required"),
    "ssl_check_hostname": one_of("1", "0"),
    "ssl_ca_certs": existing_file,
    "ssl_certfile": existing_file,
    "ssl_keyfile": existing_file,
}


def redis_url(value: str) -> str:
    scheme = value.partition("://")[0]
    if scheme not in {"redis", "rediss", "unix"}:
        raise BadValueError(f"has an unknown scheme: {MEND}")
    check_login(value)
    if not re.fullmatch(rf"rediss?://{LOGIN}{HOST}(/[0-9]*)?{OPTIONS}|unix://{LOGIN}/[^\s?#]+{OPTIONS}", value):
        raise BadValueError(f"can't be read: {MEND}")
    try:
        parts = urlsplit(value)
        _ = parts.port  # not beyond 65535
    except ValueError as error:
        raise BadValueError(f"can't be read: {MEND}") from error
    allowed = ALLOWED_WITH_TLS if scheme == "rediss" else ALLOWED
    for name, given in parse_qsl(parts.query, keep_blank_values=True):
        _check_option(name, given, allowed)
    return value


def _check_option(name: str, given: str, allowed: Mapping[str, Callable[[str], Any]]) -> None:
    if name not in allowed:
        tls = ", with rediss:// only" if name in ALLOWED_WITH_TLS else ""
        raise BadValueError(f"has the option {name!r}, which is none here{tls}: write any of {', '.join(allowed)}")
    try:
        allowed[name](given)
    except BadValueError as problem:
        raise BadValueError(f"has the option {name}, which {problem}") from None
