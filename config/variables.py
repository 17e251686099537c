"""What it takes to declare a variable of the environment."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class BadValueError(ValueError):
    """Why a value can't be used, with its mend; shown to the operator."""


@dataclass(frozen=True)
class Variable:
    """One environment variable.

    `default` is what the value would be if written out; `required` means that prod has no default, and `needed_for`
    that it has none while any of these is so: NAME (is set) or NAME=value. Those are declared before.
    `check_in_prod` raises BadValueError for a parsed value that is good enough for dev only.
    """

    name: str
    parse: Callable[[str], Any]
    help: str
    default: str = ""
    required: bool = False
    needed_for: tuple[str, ...] = ()
    example: str = ""
    check_in_prod: Callable[[Any], None] | None = None


def text(value: str) -> str:
    return value


def count(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", value):
        raise BadValueError(f"is {value!r}: write a whole number, 0 or more")
    return int(value)


def positive(value: str) -> int:
    number = count(value)
    if number == 0:
        raise BadValueError("is 0, which would serve nobody: write 1 or more")
    return number


def existing_file(value: str) -> Path:
    path = Path(value)
    if not path.is_file():
        raise BadValueError(f"names {value}, where there is no file: check the path, or mount it")
    return path
