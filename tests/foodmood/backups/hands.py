"""What the tests of backups do again and again."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from django.core.management import call_command

from foodmood.backups import shelf
from foodmood.backups.contents import Contents
from foodmood.backups.databases import live, within

T = TypeVar("T")


def taken() -> str:
    """The name of a new backup."""
    call_command("backup")
    return shelf.names()[0]


def contents(name: str) -> Contents:
    return live().called(name).contents()


def inside(name: str, ask: Callable[[], T]) -> T:
    """What the models say in the database of this name."""
    answers: list[T] = []
    within(live().called(name), lambda: answers.append(ask()))
    return answers[0]


def flip(file: Path, place: float) -> None:
    """One bit of a file is another, at this part of its length."""
    data = bytearray(file.read_bytes())
    data[int(place * (len(data) - 1))] ^= 1
    file.write_bytes(data)
