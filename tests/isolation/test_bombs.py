"""A file that is small and unfolds to something huge, or is huge, costs no more than reading it."""

import gzip
import io
import json
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import User
from tests.downloads import close
from tests.isolation.diary import ALICE, BOB, GHOST, rows_of
from tests.isolation.table import archive

pytestmark = pytest.mark.django_db

KINDS = ["foodmood", "cronometer", "daylio"]
MEGABYTE = 1024 * 1024
BUDGET = 15  # seconds: far above what any of these takes, far below what a bomb would


@pytest.fixture(autouse=True)
def _read_in_this_process(settings: Settings) -> None:
    """Where memory can be measured; tests/portability/test_apart.py has the other."""
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = settings.IMPORT_MAX_BYTES


def send(client: Client, data: bytes, kind: str = "foodmood", name: str = "file", **fields: str) -> Any:
    return client.post("/data/import/", {"kind": kind, "file": SimpleUploadedFile(name, data), "import": "1"} | fields)


@contextmanager
def bounded(most: int) -> Iterator[None]:
    """Within the budget of time, and never more memory at once than this many bytes."""
    tracemalloc.start()
    start = time.monotonic()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
        assert time.monotonic() - start < BUDGET
        assert peak < most, f"{peak / MEGABYTE:.0f} MB at once"
    finally:
        tracemalloc.stop()


def archive_with(**parts: Any) -> bytes:
    document = json.loads(archive(ALICE)) | parts
    return json.dumps(document).encode()


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("archive.json", b" " * 20 * MEGABYTE)
    return file.getvalue()


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "ha">{entities}]><l>&l11;</l>'.encode()


BOMBS: dict[str, Callable[[], bytes]] = {
    "a zip bomb": zipped,
    "a gzip bomb": lambda: gzip.compress(b" " * 20 * MEGABYTE),
    "a billion laughs": laughs,
    "lists in lists": lambda: b"[" * MEGABYTE,
    "objects in objects": lambda: b'{"a":' * 200_000,
    "a deep list that ends": lambda: b"[" * 500_000 + b"]" * 500_000,
    "a number of a million digits": lambda: b'{"format": "foodmood", "version": ' + b"9" * MEGABYTE + b"}",
    "a huge exponent": lambda: b'{"format": "foodmood", "version": 1e999999999999999999}',
    "a name of megabytes": lambda: archive_with(edibles=[{"name": "x" * 4 * MEGABYTE, "ingredients": []}]),
    "a key of megabytes": lambda: archive_with(**{"x" * 4 * MEGABYTE: 1}),
    "a hundred thousand unknown keys": lambda: archive_with(**{f"key{n}": n for n in range(100_000)}),
    "letters that fold to eighteen": lambda: archive_with(edibles=[{"name": "\ufdfa" * 200, "ingredients": []}]),
    "one endless cell": lambda: b'Day,Food Name,Amount\n2026-03-01,"' + b"x" * 4 * MEGABYTE,
    "a hundred thousand columns": lambda: b"a," * 100_000,
    "nothing but quotes": lambda: b'"' * MEGABYTE,
    "nothing but line ends": lambda: b"\n" * MEGABYTE,
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_before_it_unfolds(alices: Client, kind: str, bomb: Callable[[], bytes]) -> None:
    data = bomb()
    with bounded(100 * MEGABYTE):
        assert send(alices, data, kind).status_code == 422


@pytest.mark.parametrize("amount", ["1e999999999999999999", "-1e999999999999999999", "1e-999999999999999999", "NaN"])
def test_an_amount_that_would_fill_the_memory_is_refused(alices: Client, alice: User, amount: str) -> None:
    with bounded(20 * MEGABYTE):
        assert (
            send(alices, archive(ALICE).replace(b'"amount": null', f'"amount": {amount}'.encode())).status_code == 422
        )
    assert not alice.meals.exists()


def test_a_recipe_with_a_quintillion_ways_through_it_is_shown_in_no_time(alices: Client, alice: User) -> None:
    """Sixty layers of two, each of both: what entities do in XML, ingredients could do here."""
    layers = [(f"Left {n}", f"Right {n}") for n in range(60)]
    edibles = [
        {"name": name, "ingredients": list(layers[n + 1]) if n + 1 < len(layers) else []}
        for n, layer in enumerate(layers)
        for name in layer
    ]
    portion = {"name": "Left 0", "amount": None, "unit": ""}
    meal = {
        "title": "",
        "category": "LUNCH",
        "eaten_at": "2026-03-01T12:00:00+01:00",
        "notes": "",
        "edibles": [portion],
    }
    with bounded(100 * MEGABYTE):
        assert send(alices, archive_with(edibles=edibles, meals=[meal])).status_code == 302
        for path in (
            f"/edibles/{alice.edibles.get(name='Left 0').pk}/",
            "/insights/",
            "/day/2026-03-01/",
            "/data/export/",
        ):
            answer = alices.get(path)
            close(answer)
            assert answer.status_code == 200


def test_an_archive_names_rows_by_name_and_so_nobody_elses(alices: Client, alice: User) -> None:
    """Twice the same file: in the diary of whoever brings it the name is theirs."""
    BOB.write()
    before = rows_of(BOB)
    assert send(alices, archive(BOB)).status_code == 302
    assert rows_of(BOB) == before
    assert alice.edibles.get().name == BOB.edible_name
    assert alice.edibles.get().pk != BOB.edible


@pytest.mark.parametrize("key", ["id", "pk", "owner", "owner_id", "user", "email", "is_staff"])
@pytest.mark.parametrize("where", ["", "edibles", "meals", "portions"])
def test_an_archive_has_no_key_for_an_id_or_an_owner(alices: Client, alice: User, key: str, where: str) -> None:
    GHOST.write()
    before = rows_of(GHOST)
    document = json.loads(archive(ALICE))
    places = {
        "": document,
        "edibles": document["edibles"][0],
        "meals": document["meals"][0],
        "portions": document["meals"][0]["edibles"][0],
    }
    places[where][key] = GHOST.user
    answer = send(alices, json.dumps(document).encode())
    assert answer.status_code == 422
    assert f"{key}" in answer.content.decode()
    assert rows_of(GHOST) == before
    assert not alice.edibles.exists()
