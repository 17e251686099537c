"""What it takes to declare a variable of the environment."""

from collections.abc import Callable
from dataclasses import dataclass
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
