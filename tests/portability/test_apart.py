"""Large files are read in a process beside the web's."""

import fcntl
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import User
from apps.archive.writer import write_archive
from tests.portability.test_data_pages import MOODS, SERVINGS
from tests.portability.test_import_archive import ARCHIVE

# The other process sees what is committed alone.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _every_file_is_large(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.portability.patient")


def send(client: Client, kind: str, data: bytes, **fields: str) -> Any:
    file = SimpleUploadedFile("file", data)
    return client.post("/data/import/", {"kind": kind, "file": file} | fields)


@pytest.fixture
def _never_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def here(**_how: object) -> None:
        raise AssertionError("the file was read in the web process")

    monkeypatch.setattr("apps.portability.forms.take_file", here)


@pytest.mark.usefixtures("_never_read_here")
def test_a_large_file_is_added_from_another_process(alices: Client, alice: User, bob: User) -> None:
    answer = send(alices, "foodmood", write_archive(ARCHIVE), **{"import": "1"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/day/2026-03-01/")
    assert (alice.meals.count(), bob.meals.count()) == (2, 0)


@pytest.mark.usefixtures("_never_read_here")
def test_a_preview_of_a_large_file_adds_nothing(alices: Client, alice: User) -> None:
    answer = send(alices, "cronometer", SERVINGS)
    assert answer.status_code == 200
    assert "1 meal" in answer.content.decode()
    assert not alice.meals.exists()


def test_a_large_file_asks_about_its_moods(alices: Client, alice: User) -> None:
    assert "Choose a value for each mood" in send(alices, "daylio", MOODS, **{"import": "1"}).content.decode()
    send(alices, "daylio", MOODS, **{"import": "1", "mood:Müde": "2"})
    assert alice.entries.count() == 2


def test_what_is_wrong_in_a_large_file_is_told_in_the_persons_language(alices: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(language="de")
    answer = send(alices, "foodmood", b"[]")
    assert answer.status_code == 422
    assert "Das ist kein FoodMood-Archiv" in answer.content.decode()


def test_a_value_that_the_scale_lacks_is_refused(alices: Client) -> None:
    answer = send(alices, "daylio", MOODS, **{"import": "1", "mood:Müde": "77"})
    assert answer.status_code == 422
    assert "can&#x27;t become 77" in answer.content.decode()


@pytest.fixture
def lock(settings: Settings) -> Iterator[BinaryIO]:
    """What a process holds that reads another file."""
    with Path(settings.IMPORT_LOCK).open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock


# A fragment that came with a 503 would be taken for an outage.
@pytest.mark.parametrize(("htmx", "status"), [({}, 503), ({"HX-Request": "true"}, 422)])
def test_one_large_file_is_read_at_a_time_and_the_next_may_come_again(
    alices: Client, alice: User, lock: BinaryIO, htmx: dict[str, str], status: int
) -> None:
    form = {"kind": "cronometer", "import": "1"}
    busy = alices.post("/data/import/", form | {"file": SimpleUploadedFile("file", SERVINGS)}, headers=htmx)
    assert (busy.status_code, busy.headers["Retry-After"]) == (status, "60")
    assert "Try again in a minute" in busy.content.decode()
    assert not alice.meals.exists()
    lock.close()
    assert send(alices, "cronometer", SERVINGS, **{"import": "1"}).status_code == 302


def test_a_file_that_takes_too_long_is_given_up_and_nothing_is_added(
    alices: Client, alice: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.portability.no_time")
    answer = send(alices, "cronometer", SERVINGS, **{"import": "1"})
    assert answer.status_code == 422
    assert "Export fewer years at once" in answer.content.decode()
    assert not alice.meals.exists()


def test_a_file_that_unfolds_to_more_than_its_memory_is_given_up(alices: Client, alice: User) -> None:
    answer = send(alices, "foodmood", b"[" + b"{}," * 8_000_000 + b"{}]", **{"import": "1"})
    assert answer.status_code == 422
    assert "Export fewer years at once" in answer.content.decode()
    assert not alice.meals.exists()
