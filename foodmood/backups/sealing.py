"""Encryption of a stream of any length, a piece at a time.

Each piece is sealed with AES-256-GCM under a key of this file alone, with a nonce that says its number and whether it
is the last: a byte changed, a piece left out or moved, or an end cut off does not open. (The STREAM construction of
Hoang, Reyhanitabar, Rogaway and Vizár, “Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance”, 2015.)
"""

import secrets
from collections.abc import Iterator
from itertools import count
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from foodmood.backups import BackupError

PIECE = 1024 * 1024
TAG = 16
SALT = 32
MAGIC = b"FoodMood backup 1\n"


def pieces(file: BinaryIO, size: int = PIECE) -> Iterator[bytes]:
    return iter(lambda: file.read(size), b"")


def seal(plain: Iterator[bytes], key: str) -> Iterator[bytes]:
    salt = secrets.token_bytes(SALT)
    box = _box(key, salt)
    yield MAGIC + salt
    held = next(plain, b"")
    numbers = count()
    for piece in plain:
        yield box.encrypt(_nonce(next(numbers)), held, MAGIC)
        held = piece
    yield box.encrypt(_nonce(next(numbers), last=True), held, MAGIC)


def unseal(file: BinaryIO, key: str) -> Iterator[bytes]:
    """The plain pieces. Raises BackupError at the first that is not as it was sealed."""
    if file.read(len(MAGIC)) != MAGIC:
        raise BackupError("The file is not an encrypted backup of FoodMood, or its beginning is damaged.")
    box = _box(key, file.read(SALT))
    sealed = pieces(file, PIECE + TAG)
    held = next(sealed, b"")
    numbers = count()
    try:
        for piece in sealed:
            yield box.decrypt(_nonce(next(numbers)), held, MAGIC)
            held = piece
        yield box.decrypt(_nonce(next(numbers), last=True), held, MAGIC)
    except InvalidTag:
        raise BackupError("The backup does not open: it is damaged, or BACKUP_KEY is not the one it has.") from None


def _box(key: str, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), length=32, salt=salt, info=MAGIC).derive(key.encode()))


def _nonce(number: int, *, last: bool = False) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
