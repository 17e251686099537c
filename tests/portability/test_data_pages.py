import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import User
from apps.archive.model import Archive
from apps.archive.reader import read_archive
from apps.archive.writer import write_archive
from apps.portability.actions import import_archive
from apps.portability.models import ImportedRow
from tests.downloads import close
from tests.factories import EdibleFactory, OptionFactory, PortionFactory
from tests.portability.test_import_archive import ARCHIVE, contents

pytestmark = pytest.mark.django_db

SERVINGS = b"Day,Time,Group,Food Name,Amount\n2026-03-01,08:00,Breakfast,Oats,50 g\n"
MOODS = "full_date,weekday,mood,activities,note\n2026-03-01,Sonntag,Gut,,\n2026-03-02,Montag,Müde,,\n".encode()


def send(client: Client, kind: str, data: bytes, **fields: str) -> Any:
    file = SimpleUploadedFile("file", data)
    return client.post("/data/import/", {"kind": kind, "file": file} | fields)


def test_the_page_offers_export_and_import(alices: Client) -> None:
    page = alices.get("/data/").content.decode()
    assert "/data/export/" in page
    assert "/data/import/" in page


@pytest.mark.parametrize("path", ["/data/", "/data/export/"])
def test_who_is_not_signed_in_is_sent_to_log_in(client: Client, path: str) -> None:
    assert client.get(path).headers["Location"] == f"/accounts/login/?next={path}"


def test_nobody_imports_without_signing_in(client: Client) -> None:
    answer = send(client, "cronometer", SERVINGS, **{"import": "1"})
    assert answer.headers["Location"].startswith("/accounts/login/")


def test_an_export_holds_the_diary_and_no_one_elses(alices: Client, alice: User, bob: User) -> None:
    import_archive(owner=alice, archive=ARCHIVE, restore=True)
    PortionFactory.create(meal__owner=bob, edible__name="Bob's secret snack")
    archive = alices.get("/data/export/").getvalue()
    assert contents(read_archive(archive)) == contents(ARCHIVE)
    assert b"secret" not in archive


def test_an_export_is_a_download_that_no_cache_keeps(alices: Client) -> None:
    answer = alices.get("/data/export/")
    close(answer)
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="foodmood-')
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_preview_adds_nothing(alices: Client, alice: User) -> None:
    answer = send(alices, "cronometer", SERVINGS)
    assert answer.status_code == 200
    assert "What would change" in answer.content.decode()
    assert not alice.meals.exists()


def test_the_same_file_again_says_that_nothing_was_added(alices: Client, alice: User) -> None:
    send(alices, "cronometer", SERVINGS, **{"import": "1"})
    where = send(alices, "cronometer", SERVINGS, **{"import": "1"}).headers["Location"]
    assert "Everything in the file was in your diary already" in alices.get(where).content.decode()
    assert alice.meals.count() == 1


def test_importing_adds_the_file_to_the_own_diary(alices: Client, alice: User, bob: User) -> None:
    answer = send(alices, "cronometer", SERVINGS, **{"import": "1"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/day/2026-03-01/")
    assert (alice.meals.count(), bob.meals.count()) == (1, 0)


def test_with_htmx_only_the_preview_comes_back(alices: Client) -> None:
    file = SimpleUploadedFile("file", SERVINGS)
    answer = alices.post("/data/import/", {"kind": "cronometer", "file": file}, headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode()


def test_moods_that_cannot_be_guessed_are_asked_for_and_nothing_is_added(alices: Client, alice: User) -> None:
    answer = send(alices, "daylio", MOODS, **{"import": "1"})
    assert "Choose a value for each mood" in answer.content.decode()
    assert not alice.entries.exists()


def test_moods_become_what_the_person_says(alices: Client, alice: User) -> None:
    send(alices, "daylio", MOODS, **{"import": "1", "mood:Müde": "2"})
    values = alice.entries.order_by("recorded_at").values_list("option__value", flat=True)
    assert list(values) == [4, 2]


def test_a_value_of_thousands_of_digits_is_no_answer(alices: Client, alice: User) -> None:
    answer = send(alices, "daylio", MOODS, **{"import": "1", "mood:Müde": "9" * 5000})
    assert "Choose a value for each mood" in answer.content.decode()
    assert not alice.entries.exists()


GYM = SERVINGS.replace(b"Breakfast", b"Gym")


def test_unknown_groups_are_asked_for_and_nothing_is_added(alices: Client, alice: User) -> None:
    page = send(alices, "cronometer", GYM, **{"import": "1"}).content.decode()
    assert "Answer each question" in page
    assert 'name="group:Gym"' in page
    assert not alice.meals.exists()


def test_a_group_becomes_what_the_person_says(alices: Client, alice: User) -> None:
    send(alices, "cronometer", GYM, **{"import": "1", "group:Gym": "DINNER"})
    assert alice.meals.get().category == "DINNER"


def test_rows_already_there_can_be_remembered(alices: Client, alice: User) -> None:
    send(alices, "cronometer", SERVINGS, **{"import": "1"})
    ImportedRow.objects.all().delete()  # as if they were typed, or imported before keys existed
    assert "Remember these rows" in send(alices, "cronometer", SERVINGS).content.decode()
    send(alices, "cronometer", SERVINGS, **{"import": "1"})
    alice.edibles.update(name="Porridge", key="porridge")
    assert "Remember these rows" not in send(alices, "cronometer", SERVINGS).content.decode()
    send(alices, "cronometer", SERVINGS, **{"import": "1"})
    assert alice.meals.count() == 1


def test_the_rule_for_one_meal_is_shown_and_can_be_changed(alices: Client, alice: User) -> None:
    data = SERVINGS + b"2026-03-01,10:00,Breakfast,Milk,1 cup\n"
    page = send(alices, "cronometer", data).content.decode()
    assert "Those within 30 minutes" in page
    assert "2 meals" in page
    send(alices, "cronometer", data, **{"import": "1", "meals": "group-and-day"})
    assert alice.meals.count() == 1


def test_days_that_may_be_two_are_asked_about(alices: Client, alice: User) -> None:
    data = SERVINGS.replace(b"2026-03-01", b"3/1/2026")
    assert "Which comes first in dates such as 3/1/2026?" in send(alices, "cronometer", data).content.decode()
    send(alices, "cronometer", data, **{"import": "1", "dates": "month-first"})
    assert alice.meals.get().eaten_at.month == 3


def test_changed_and_left_out_rows_are_named(alices: Client, alice: User) -> None:
    data = SERVINGS + b"2026-03-01,late,Lunch,Oats,1 g\n2026-03-01,08:00,Lunch,Oats,0.3333 g\n"
    page = send(alices, "cronometer", data).content.decode()
    assert "More than 3 decimals, so the amount is rounded (1 row: line 4)" in page
    assert "1 row can’t be read and is left out:" in page
    assert "Line 3, time: “late” is not a time" in page
    send(alices, "cronometer", data, **{"import": "1"})
    assert alice.meals.count() == 2


def test_a_file_with_nothing_to_import_says_so(alices: Client) -> None:
    page = send(alices, "cronometer", SERVINGS.replace(b"50 g", b"-1 g")).content.decode()
    assert "Nothing: no row of this file can be imported." in page
    assert "An amount below 0 can&#x27;t be eaten" in page


def test_a_file_that_adds_only_ingredients_says_so(alices: Client, alice: User) -> None:
    for name in ("Latte", "Milk", "Espresso"):
        EdibleFactory.create(owner=alice, name=name, notes="Mine")
    answer = send(alices, "foodmood", write_archive(Archive("UTC", edibles=ARCHIVE.edibles)))
    assert "the ingredients of 1 edible" in answer.content.decode()


def test_a_value_that_the_scale_lacks_is_refused(alices: Client, alice: User) -> None:
    answer = send(alices, "daylio", MOODS, **{"import": "1", "mood:Müde": "77"})
    assert answer.status_code == 422
    assert "can&#x27;t become 77" in answer.content.decode()


@pytest.mark.parametrize(
    ("kind", "data", "message"),
    [
        ("cronometer", b"", "empty"),
        ("cronometer", b"\x00\x01\x02PNG", "NUL bytes"),
        ("cronometer", "Day,Time,Group,Food Name,Amount\n2026-03-01,,Lunch,Käse,1\n".encode("latin-1"), "not UTF-8"),
        ("cronometer", b"Day,Group,Amount\n2026-03-01,Lunch,1\n", "food name"),
        ("cronometer", b"Day,Group,Food Name,Amount\n2026-13-01,Lunch,Oats,1\n", "Line 2"),
        ("cronometer", MOODS, "Daylio"),
        ("daylio", SERVINGS, "Cronometer"),
        ("foodmood", b"{", "line 1"),
        ("foodmood", SERVINGS, "import it as Cronometer: Servings"),
        ("daylio", b"PK\x03\x04 backup.daylio", "only Daylio can read"),
        ("foodmood", b'{"format": "foodmood", "version": 2}', "This archive is version 2"),
        ("foodmood", json.dumps({"format": "foodmood", "version": 1, "x": 1}).encode(), "is not known in version 1"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(alices: Client, alice: User, kind: str, data: bytes, message: str) -> None:
    answer = send(alices, kind, data, **{"import": "1"})
    assert answer.status_code == 422
    assert message.casefold() in answer.content.decode().casefold()
    assert not alice.edibles.exists()


def test_an_unknown_kind_of_file_is_refused(alices: Client) -> None:
    assert send(alices, "excel", SERVINGS).status_code == 422


def test_a_form_without_a_file_is_refused(alices: Client) -> None:
    assert alices.post("/data/import/", {"kind": "cronometer"}).status_code == 422


def test_a_file_that_is_too_large_is_refused_with_the_mend(alices: Client, settings: Settings) -> None:
    settings.IMPORT_MAX_BYTES = 20
    assert "import one after the other" in send(alices, "cronometer", SERVINGS).content.decode()


def test_an_archive_at_odds_with_the_diary_is_refused_whole(alices: Client, alice: User) -> None:
    OptionFactory.create(category__owner=alice, category__name="Mood", label="Awful", value=1)
    answer = send(alices, "foodmood", write_archive(ARCHIVE), **{"import": "1"})
    assert answer.status_code == 422
    assert "Rename your category" in answer.content.decode()
    assert not alice.meals.exists()


def test_importing_is_a_post(alices: Client) -> None:
    assert alices.get("/data/import/").status_code == 405


FROM_TOKYO = write_archive(Archive("Asia/Tokyo", edibles=ARCHIVE.edibles))


def test_a_preview_asks_before_the_zone_changes(alices: Client, alice: User) -> None:
    page = send(alices, "foodmood", FROM_TOKYO).content.decode()
    assert "Change my time zone from Europe/Berlin to Asia/Tokyo" in page
    assert "checked" not in page.partition('name="zone"')[2].partition(">")[0]


@pytest.mark.parametrize(("answer", "zone"), [({}, "Europe/Berlin"), ({"zone": "file"}, "Asia/Tokyo")])
def test_the_zone_changes_only_if_the_person_says_so(
    alices: Client, alice: User, answer: dict[str, str], zone: str
) -> None:
    send(alices, "foodmood", FROM_TOKYO, **{"import": "1"}, **answer)
    alice.refresh_from_db()
    assert (alice.time_zone, alice.edibles.exists()) == (zone, True)
