"""What values are read with that more than one variable may have: a BadValueError says what is wrong, and its mend."""

import re
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

from config.variables import BadValueError

LONGEST_LABEL = 63


def text(value: str) -> str:
    return value


def one_of(*choices: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in choices:
            raise BadValueError(f"is {value!r}: write one of {', '.join(choices)}")
        return value

    return parse


def flag(value: str) -> bool:
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off"}:
        return False
    raise BadValueError(f"is {value!r}: write 1 or 0")


def whole_number(least: int, most: int | None = None, otherwise: str = "") -> Callable[[str], int]:
    """Parse a whole number from `least` to `most`. 0 would do what `otherwise` says."""
    allowed = f"from {least} to {most}" if most is not None else f"{least} or more"

    def parse(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", value):
            raise BadValueError(f"is {value!r}: write a whole number, {allowed}")
        number = int(value)
        if number == 0 and otherwise:
            raise BadValueError(f"is 0, which would {otherwise}: write a whole number, {allowed}")
        if number < least or (most is not None and number > most):
            raise BadValueError(f"is {value}: write a whole number, {allowed}")
        return number

    return parse


count = whole_number(0)
positive = whole_number(1, otherwise="serve nobody")
days = whole_number(0, 36_500)  # a century: dates end in the year 9999
some_days = whole_number(1, 36_500, otherwise="log everybody out at once")
port = whole_number(1, 65_535)


def check_login(url: str) -> None:
    """Refuse a URL whose user or password holds a / ? or #, which ends the part that names the host."""
    if re.match(r"[^:]+://[^/?#]*[/?#].*@", url):
        raise BadValueError(
            "has a /, ? or # in its user or password: write / as %2F, ? as %3F, # as %23, @ as %40 and % as %25"
        )


def words(value: str) -> list[str]:
    return [word.strip() for word in value.split(",") if word.strip()]


def hosts(value: str) -> list[str]:
    """Refuse entries that no request could match: a site that answers nobody looks like one that is down."""
    names = words(value)
    for name in names:
        if name != "*":
            check_host(name)
    return names


def check_host(name: str) -> None:
    """`name` may begin with a dot, for its subdomains."""
    if "[" in name or name.count(":") > 1:
        _check_ipv6(name)
        return
    if not name.isascii() and re.fullmatch(r"[\w.-]+", name):
        raise BadValueError(f"holds {name!r}: write it as browsers send it, {_ascii(name)}")
    if name.startswith("*."):
        raise BadValueError(f"holds {name!r}: write {name[1:]}, which matches all its subdomains")
    if not re.fullmatch(r"[A-Za-z0-9._-]+", name):
        raise BadValueError(
            f"holds {name!r}: write bare host names, without scheme, port, path or comment, with commas between"
            " them, e.g. food.example.org"
        )
    labels = name.removeprefix(".").split(".")
    if name.endswith(".") and len(labels) > 1:
        raise BadValueError(f"holds {name!r}, which never matches: write it without the dot at its end")
    if "_" in name:
        raise BadValueError(f"holds {name!r}, which never matches: no request may have _ in its host")
    if not all(0 < len(label) <= LONGEST_LABEL for label in labels):
        raise BadValueError(f"holds {name!r}, which never matches: between two dots are 1 to {LONGEST_LABEL} letters")
    if labels[-1].isdigit() and not _is_ipv4(name):
        raise BadValueError(f"holds {name!r}, which never matches: write an address in full, e.g. 192.0.2.7")


def _ascii(name: str) -> str:
    try:
        return name.encode("idna").decode()
    except UnicodeError:
        return "xn--…"


def _is_ipv4(name: str) -> bool:
    try:
        return bool(IPv4Address(name))
    except ValueError:
        return False


def _check_ipv6(name: str) -> None:
    try:
        written = f"[{IPv6Address(name.strip('[]').replace('%', ' '))}]"  # a zone is of one machine
    except ValueError:
        raise BadValueError(f"holds {name!r}: write an IPv6 address without port or zone, e.g. [2001:db8::7]") from None
    if name != written:
        raise BadValueError(f"holds {name!r}: write it as browsers send it, {written}")


def origin(value: str) -> str:
    if not re.fullmatch(r"https?://[^/\s]+", value):
        raise BadValueError(f"holds {value!r}: write scheme and host, e.g. https://food.example.org")
    return value


def origins(value: str) -> list[str]:
    """Refuse those that browsers send in another form: they are compared letter by letter."""
    found = [origin(name) for name in words(value)]
    for each in found:
        scheme, _, host = each.partition("://")
        name, port_given = re.fullmatch(r"(.*?)(:[0-9]+)?", host).groups()  # type: ignore[union-attr] # anything matches
        check_host(name.removeprefix("*."))
        default = {"http": ":80", "https": ":443"}[scheme]
        written = f"{scheme}://{name.lower()}{'' if port_given == default else port_given or ''}"
        if each != written:
            raise BadValueError(f"holds {each!r}: write it as browsers send it, {written}")
    return found


def contact(value: str) -> str:
    """A URI: an e-mail address becomes a mailto: one."""
    if re.fullmatch(r"(mailto:)?[^@\s:/]+@[^@\s:/]+", value):
        return value if value.startswith("mailto:") else f"mailto:{value}"
    if re.fullmatch(r"https://[^/\s]+(/\S*)?", value):
        return value
    raise BadValueError(f"is {value!r}: write an e-mail address or a page, e.g. https://example.org/security")


def existing_file(value: str) -> Path:
    path = Path(value)
    if not path.is_file():
        raise BadValueError(f"names {value}, where there is no file: check the path, or mount it")
    return path


def folder(value: str) -> Path:
    path = Path(value).absolute()
    if not path.is_dir():
        raise BadValueError(f"names {path}, where there is no folder: create it, or mount it")
    return path


def strong_secret(value: str) -> None:
    length, distinct = 50, 5
    mend = "make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
    if re.search(r"change.?me|insecure|example|placeholder|your.?secret", value, re.IGNORECASE):
        raise BadValueError(f"is a placeholder: {mend}")
    if len(value) < length or len(set(value)) < distinct:
        raise BadValueError(f"is too easy to guess ({len(value)} characters, at least {length} wanted): {mend}")


def named_hosts(value: list[str]) -> None:
    if "*" in value:
        raise BadValueError("holds *, which lets anybody pose as this site: name your hosts, e.g. food.example.org")
    if not value:
        raise BadValueError("is empty: name your hosts, e.g. food.example.org")
