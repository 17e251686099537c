"""Refuses passwords from data breaches, by a file that ships with FoodMood: nobody is asked over the network.

The file holds the first 5 bytes of the SHA-1 of each password in lower case, sorted. It is mapped into memory, so
processes share it, and a search reads about twenty places of it. `tools/breached_passwords.py` writes it from the
lists that docs/accounts.md names. A password that nobody has breached is refused by chance once in 7 million times.
"""

import hashlib
import mmap
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

FILE = Path(__file__).with_suffix(".bin")
SIZE = 5  # bytes of each hash
SHORTEST = 10  # characters: what is shorter is refused by its length


class BreachedPasswords:
    """The hashes of a file as a sequence."""

    def __init__(self, path: Path = FILE) -> None:
        with path.open("rb") as file:
            self._hashes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def __len__(self) -> int:
        return len(self._hashes) // SIZE

    def __getitem__(self, place: int) -> bytes:
        return self._hashes[place * SIZE : (place + 1) * SIZE]

    def __contains__(self, password: str) -> bool:
        wanted = shortened_hash(password)
        place = bisect_left(self, wanted)
        return place < len(self) and self[place] == wanted


def shortened_hash(password: str) -> bytes:
    return hashlib.sha1(password.lower().encode(errors="replace"), usedforsecurity=False).digest()[:SIZE]


def packed(passwords: Iterable[str]) -> bytes:
    """The content of a file with these passwords, without those that are too short anyway."""
    return b"".join(sorted({shortened_hash(each) for each in passwords if len(each) >= SHORTEST}))


@cache
def breached_passwords() -> BreachedPasswords:
    return BreachedPasswords()


class BreachedPasswordValidator:
    """For AUTH_PASSWORD_VALIDATORS."""

    def validate(self, password: str, user: Any = None) -> None:
        if password in breached_passwords():
            raise ValidationError(self.get_error_message(), code="password_breached")

    def get_error_message(self) -> str:
        return _("This password is known from data breaches, so attackers try it first. Choose another one.")

    def get_help_text(self) -> str:
        return _("Your password can’t be one that is known from data breaches.")
