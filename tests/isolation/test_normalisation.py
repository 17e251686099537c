"""A megabyte that takes minutes to normalise is answered within a second, in every field, file and address."""

import json
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import User
from foodmood.names import LONGEST, fold
from foodmood.requests import LONGEST_QUERY
from tests.factories import PASSWORD, EntryFactory
from tests.isolation.asking import Asker, Form, undone
from tests.isolation.conftest import Cast
from tests.isolation.diary import ALICE
from tests.isolation.normalising import MEGABYTE, marks, quick
from tests.isolation.pages import Page
from tests.isolation.table import OPERATORS, STAFF, Row, archive, table
from tests.isolation.test_nasty_values import fields_sent_to

ROWS = [row for row in table() if row.methods]
ADMIN_ROWS = [row for row in table() if not row.methods and row.who in {OPERATORS, STAFF}]
BOMB = marks()
FORM_BOMB = marks(MEGABYTE - 20_000)  # the rest of a form, which holds a megabyte, is for the other fields
TEXTS = {
    "cronometer": "Day,Time,Group,Food Name,Amount,Unit\n2026-03-01,12:00,Lunch,Rice,100 g,g",
    "daylio": "full_date,date,weekday,time,mood,activities,note_title,note\n2026-03-01,March 1,Sunday,12:00,good,a,b,c",
}


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_no_field_normalises_a_long_text(cast: Cast, monkeypatch: pytest.MonkeyPatch, row: Row) -> None:
    asker, path, form = cast.whom(row.who), row.path(ALICE), row.form_of(ALICE)
    if "POST" in row.answered:
        for field in sorted({*form, *fields_sent_to(path, cast), "next"}):
            sent = {**form, field: f"//{FORM_BOMB}" if field == "next" else FORM_BOMB}
            assert post(asker, path, sent, monkeypatch) != 413
    if "GET" in row.answered:
        get(asker, path, {"q", "next", *row.query_of(ALICE)}, monkeypatch)


@pytest.mark.parametrize("row", ADMIN_ROWS, ids=str)
def test_no_admin_page_normalises_a_long_text(cast: Cast, monkeypatch: pytest.MonkeyPatch, row: Row) -> None:
    asker, path = cast.operator, row.path(ALICE)
    with undone():
        fields = Page(asker.ask("GET", path).body, path).fields[path]
    if fields := fields - {"csrfmiddlewaretoken"}:
        post(asker, path, dict.fromkeys(fields, marks(len(FORM_BOMB) // len(fields))), monkeypatch)
    get(asker, path, {"q"}, monkeypatch)


@pytest.mark.parametrize("field", ["code", "credential"])
def test_no_second_step_normalises_a_long_text(cast: Cast, monkeypatch: pytest.MonkeyPatch, field: str) -> None:
    with undone():
        client = Client()
        client.post("/accounts/login/", {"login": ALICE.email, "password": PASSWORD})
        asker = Asker(client, {name: cookie.value for name, cookie in client.cookies.items()})
        assert post(asker, "/accounts/2fa/authenticate/", {field: FORM_BOMB}, monkeypatch) < 500


def archives() -> Iterator[tuple[str, bytes]]:
    """A valid archive with the text in the place of each value and each key, one after the other."""
    document = json.loads(archive(ALICE))
    portion = {"name": "Rice", "amount": None, "unit": "g"}
    option = {"label": "Good", "value": 1, "color": "", "order": 1}
    category = {
        "name": "Mood",
        "description": "",
        "icon": "",
        "is_active": True,
        "higher_is_better": True,
        "options": [option],
    }
    entry = {"category": "Mood", "option": "Good", "recorded_at": "2026-03-01T12:00:00+01:00", "notes": ""}
    document["edibles"] = [{"name": "Rice", "ingredients": []}, {"name": "Bowl", "ingredients": ["Rice"]}]
    document["meals"][0]["edibles"] = [portion]
    document["wellbeing"] = {"categories": [category], "entries": [entry]}
    objects = [document, *document["edibles"], *document["meals"], portion, category, option, entry]
    for each in objects:
        for key, value in list(each.items()):
            each[key] = BOMB
            yield f"{key} of {sorted(each)}", json.dumps(document, ensure_ascii=False).encode()
            each[key] = value
        each[BOMB] = 1
        yield f"a key beside {min(each)}", json.dumps(document, ensure_ascii=False).encode()
        del each[BOMB]
    document["edibles"][1]["ingredients"] = [BOMB]
    yield "an ingredient", json.dumps(document, ensure_ascii=False).encode()


def tables(text: str) -> Iterator[tuple[str, bytes]]:
    """The same with each cell of a table and each name of a column."""
    lines = [line.split(",") for line in text.splitlines()]
    for line in lines:
        for place, cell in enumerate(line):
            for bomb in (marks(240_000), BOMB):  # the first fits a cell, the second does not
                line[place] = bomb
                yield f"in the place of {cell}", "\n".join(map(",".join, lines)).encode()
            line[place] = cell


FILES: dict[str, Callable[[], Iterator[tuple[str, bytes]]]] = {
    "foodmood": archives,
    "cronometer": lambda: tables(TEXTS["cronometer"]),
    "daylio": lambda: tables(TEXTS["daylio"]),
}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", FILES)
def test_no_file_normalises_a_long_text(
    alices: Client, monkeypatch: pytest.MonkeyPatch, settings: Settings, kind: str
) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = settings.IMPORT_MAX_BYTES  # read in this process, where it is watched
    for what, data in FILES[kind]():
        file = SimpleUploadedFile(BOMB[:2000], data)
        with undone(), quick(monkeypatch, what):
            answer = alices.post("/data/import/", {"kind": kind, "file": file, "import": "1"})
        assert answer.status_code in {200, 302, 422}, what


@pytest.mark.django_db
def test_long_notes_are_shown_quickly(alices: Client, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    option = EntryFactory.create(option__category__owner=alice).option
    for _ in range(20):
        EntryFactory.create(option=option, notes=marks(19_000))
    with quick(monkeypatch, "notes"):
        assert alices.get("/wellbeing/").status_code == 200


def test_folding_looks_at_the_first_characters() -> None:
    assert fold("É" * LONGEST + "x" * 1_000_000) == "é" * LONGEST


def post(asker: Asker, path: str, form: Form, monkeypatch: pytest.MonkeyPatch) -> int:
    with undone(), quick(monkeypatch, f"POST {path} with {[name for name, value in form.items() if value]}"):
        status = asker.ask("POST", path, form).status
    assert status < 500
    return status


def get(asker: Asker, path: str, names: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """All at once: a megabyte is refused, and as much as an address may have is answered."""
    for size in (MEGABYTE, LONGEST_QUERY // 3 - 100):  # three signs for each byte
        each = marks(size // len(names))
        query = urlencode({name: f"//{each}" if name == "next" else each for name in sorted(names)})
        with undone(), quick(monkeypatch, f"GET {path} with {names}"):
            status = asker.ask("GET", f"{path}?{query}").status
        assert status == 400 if size == MEGABYTE else status < 500
