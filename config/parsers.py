"""What values are read with that more than one variable may have: a BadValueError says what is wrong, and its mend."""

import re
from collections.abc import Callable
from pathlib import Path

from config.variables import BadValueError


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
    names = words(value)
    for name in names:
        if not re.fullmatch(r"\*|\.?[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]", name):
            raise BadValueError(
                f"holds {name!r}: write bare host names, without scheme, port, path or comment, with commas between"
                " them, e.g. food.example.org"
            )
    return names


def origin(value: str) -> str:
    if not re.fullmatch(r"https?://[^/\s]+", value):
        raise BadValueError(f"holds {value!r}: write scheme and host, e.g. https://food.example.org")
    return value


def origins(value: str) -> list[str]:
    return [origin(name) for name in words(value)]


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
