"""The diary as tables: one ZIP file for spreadsheets, and for whoever wants to know what is kept about them."""

import csv
import io
import json
import re
import tracemalloc
import zipfile
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.core.mail import EmailMessage
from django.db.models import EmailField
from django.test import Client
from django.urls import reverse
from hypothesis import example, given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from apps.accounts.actions import KNOWN_BY_ADDRESS
from apps.accounts.models import User
from apps.meals.models import Meal
from apps.portability import account
from apps.portability.tables import EDIBLES, MEALS, WELLBEING, _csv, guarded, tables_of, unguarded
from config.env import BASE_DIR
from foodmood.mail.models import QueuedMail, Suppression
from tests.factories import EdibleFactory, EntryFactory, IngredientFactory, MealFactory, PortionFactory

pytestmark = pytest.mark.django_db

URL = reverse("portability:export_tables")
SIGNS = "=+-@\t\r\n＝＋－＠"
DIARY = {"edibles", "meals", "wellbeing"}


def unzipped(owner: User) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(tables_of(owner))))


def table(owner: User, name: str) -> list[dict[str, str]]:
    text = unzipped(owner).read(name).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_page_offers_the_file(alices: Client) -> None:
    assert URL in alices.get(reverse("portability:index")).content.decode()


def test_it_comes_as_a_zip_file_with_four_files(alices: Client) -> None:
    answer = alices.get(URL)
    assert answer.headers["Content-Type"] == "application/zip"
    assert 'attachment; filename="foodmood-' in answer.headers["Content-Disposition"]
    archive = zipfile.ZipFile(io.BytesIO(answer.getvalue()))
    assert archive.testzip() is None
    assert archive.namelist() == ["meals.csv", "wellbeing.csv", "edibles.csv", "account.json"]


def test_who_is_not_signed_in_is_sent_to_log_in(client: Client) -> None:
    assert client.get(URL).headers["Location"] == f"/accounts/login/?next={URL}"


def test_other_methods_are_refused(alices: Client) -> None:
    assert alices.post(URL).status_code == 405


def test_a_stranger_gets_nothing_of_it(bobs: Client, bob: User, alice: User) -> None:
    PortionFactory.create(meal__owner=alice, edible__name="Secret stew", meal__notes="Secret")
    EntryFactory.create(option__category__owner=alice, option__category__name="Secret ache")
    archive = zipfile.ZipFile(io.BytesIO(bobs.get(URL).getvalue()))
    files = {name: archive.read(name).decode() for name in archive.namelist()}
    assert not [name for name, text in files.items() if "Secret" in text or "alice" in text]
    assert len(files["meals.csv"].splitlines()) == 1


def test_a_meal_has_a_line_for_each_portion(alice: User) -> None:
    meal = MealFactory.create(owner=alice, title="Lunch at work", notes="In the sun")
    PortionFactory.create(meal=meal, edible__name="Milk", amount=Decimal("0.5"), unit="l")
    PortionFactory.create(meal=meal, edible__name="Bread")
    MealFactory.create(
        owner=alice,
        eaten_at=datetime(2026, 7, 1, 12, 0, tzinfo=UTC),
        category=Meal.Category.SNACK,
        time_guessed=True,
    )
    shared = {"meal": "1", "date": "2026-03-01", "time": "13:00:00", "utc_offset": "UTC+01:00", "category": "LUNCH"}
    shared |= {"title": "Lunch at work", "notes": "In the sun", "time_guessed": ""}
    assert table(alice, "meals.csv") == [
        shared | {"edible": "Milk", "amount": "0.5", "unit": "l"},
        shared | {"edible": "Bread", "amount": "", "unit": ""},
        {"meal": "2", "date": "2026-07-01", "time": "14:00:00", "utc_offset": "UTC+02:00", "category": "SNACK"}
        | dict.fromkeys(("title", "edible", "amount", "unit", "notes"), "")
        | {"time_guessed": "yes"},
    ]


def test_a_rating_has_its_label_and_its_value(alice: User) -> None:
    EntryFactory.create(
        option__category__owner=alice,
        option__category__name="Mood",
        option__label="Low",
        option__value=-2,
        option__order=0,
    )
    (row,) = table(alice, "wellbeing.csv")
    assert (row["category"], row["option"], row["value"]) == ("Mood", "Low", "-2")


def test_an_edible_has_a_line_for_each_ingredient(alice: User) -> None:
    latte = EdibleFactory.create(owner=alice, name="Latte")
    for name in ("Milk", "Espresso"):
        IngredientFactory.create(container=latte, edible__name=name)
    rows = [(row["edible"], row["ingredient"]) for row in table(alice, "edibles.csv")]
    assert rows == [("Espresso", ""), ("Latte", "Espresso"), ("Latte", "Milk"), ("Milk", "")]


def test_numbers_are_bare_and_texts_are_quoted_and_it_is_utf_8_with_its_mark(alice: User) -> None:
    PortionFactory.create(meal__owner=alice, edible__name="Käse", amount=Decimal(2))
    raw = unzipped(alice).read("meals.csv")
    assert raw.startswith(b"\xef\xbb\xbf")
    assert '"Käse",2,""' in raw.decode()


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-1", "@SUM(A1)", "'=1", "=cmd|' /C calc'!A0"])
def test_no_text_of_a_diary_becomes_a_formula(alice: User, text: str) -> None:
    PortionFactory.create(meal__owner=alice, meal__title=text, meal__notes=text, edible__name=text, unit=text)
    (row,) = table(alice, "meals.csv")
    for column in ("title", "notes", "edible", "unit"):
        assert row[column] == f"'{text}"


@pytest.mark.parametrize("separator", [";", "\t", ","])
@pytest.mark.parametrize("text", ["x;=1+1", "note\t=9+9", "note\n=1+1", 'x;"=1+1', 'x;"";=1', "x;\t=1"])
def test_no_piece_of_a_text_becomes_a_formula_wherever_a_spreadsheet_splits(
    alice: User, text: str, separator: str
) -> None:
    PortionFactory.create(meal__owner=alice, meal__notes=text)
    raw = unzipped(alice).read("meals.csv").decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(raw, newline=""), delimiter=separator) for cell in row]
    assert [cell for cell in cells if cell.startswith(tuple(SIGNS))] == []


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))  # neither is kept by any field
@example("'")
@example("'=1")
@example("\r")
@example(";'=;'")
@example(";\"'=")
def test_whatever_the_text_no_cell_begins_with_a_formula_sign_and_the_text_comes_back(text: str) -> None:
    assert not guarded(text).startswith(tuple(SIGNS))
    assert unguarded(guarded(text)) == text
    written = b"".join(_csv(("text", "number"), [(text, -1)])).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(written, newline=""))
    assert (unguarded(row["text"]), row["number"]) == (text, "-1")


def test_the_account_says_what_is_kept_besides(alice: User) -> None:
    EmailAddress.objects.update_or_create(user=alice, email=alice.email, defaults={"primary": True, "verified": True})
    Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={"secret": "secret-seed"})
    UserSession.objects.create(user=alice, ip="203.0.113.7", user_agent="Firefox", session_key="secret-session")
    text = unzipped(alice).read("account.json").decode()
    kept = json.loads(text)
    assert (kept["email"], kept["time_zone"], kept["last_login"]) == (alice.email, "Europe/Berlin", None)
    assert kept["account.EmailAddress"] == [{"email": alice.email, "verified": True, "primary": True}]
    assert kept["usersessions.UserSession"][0]["ip"] == "203.0.113.7"
    assert kept["mfa.Authenticator"][0]["type"] == "totp"
    assert "secret-" not in text
    assert alice.password not in text


def test_every_table_about_people_is_in_a_file(alice: User) -> None:
    """A new model that refers to people, by a key or by their address, is either of the diary or listed in account.py,
    with each of its keys.
    """
    listed = {**account.ROWS, **account.COUNTED}
    listed = {**account.ROWS, **account.COUNTED}
    for model in apps.get_models():
        meta = model._meta  # noqa: SLF001 -- Django's documented API
        if meta.app_label in DIARY or model is User:
            continue
        keys = {field.name for field in meta.fields if field.related_model is User}
        by_address = meta.label in KNOWN_BY_ADDRESS or any(
            isinstance(field, EmailField) or field.name in {"address", "username", "recipient"} for field in meta.fields
        )
        if keys or by_address:
            assert meta.label in listed, meta.label
            assert keys <= set(listed[meta.label][0].split()), meta.label
            assert keys or meta.label in KNOWN_BY_ADDRESS, meta.label


def test_every_field_of_a_person_is_in_a_file() -> None:
    kept_back = {"id", "password", "sessions_ended"}
    fields = {field.name for field in User._meta.concrete_fields}  # noqa: SLF001 -- as above
    assert fields - kept_back == set(account.OF_THE_PERSON)


def test_what_is_known_by_an_address_is_in_the_file(alice: User, bob: User) -> None:
    EmailAddress.objects.create(user=alice, email="alice@second.example", verified=True)
    EmailAddress.objects.create(user=alice, email="unproven@example.org")
    for address in (alice.email, "alice@second.example", bob.email, "unproven@example.org"):
        Suppression.objects.create(address=address, reason=Suppression.Reason.BOUNCED)
        link = f"https://testserver/secret-link-of-{address}"
        QueuedMail.of(EmailMessage(f"For {address}", link, "us@example.org", [address])).save()
    User.objects.update(remind_at=time(20), reminded_on=date(2026, 3, 1))
    alice.refresh_from_db()
    text = unzipped(alice).read("account.json").decode()
    kept = json.loads(text)
    assert [row["address"] for row in kept["mail.Suppression"]] == [alice.email, "alice@second.example"]
    subjects = [row["message__subject"] for row in kept["mail.QueuedMail"]]
    assert subjects == [f"For {alice.email}", "For alice@second.example"]
    assert (kept["remind_at"], kept["reminded_on"]) == ("20:00:00", "2026-03-01")
    assert "secret-link" not in text


def test_a_long_diary_takes_no_more_queries(alice: User, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    PortionFactory.create_batch(30, meal__owner=alice)
    with django_assert_max_num_queries(len(account.ROWS) + len(account.COUNTED) + 8):
        list(tables_of(alice))


def test_no_more_than_a_piece_is_in_memory() -> None:
    """Ten megabytes of text in less than one."""
    tracemalloc.start()
    size = sum(len(piece) for piece in _csv(("text",), (("x" * 200,) for _line in range(50_000))))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 10_000_000
    assert peak < 1_000_000


def test_every_column_is_described() -> None:
    page = (BASE_DIR / "docs" / "exporting.md").read_text(encoding="utf-8")
    for name, columns in (("meals", MEALS), ("wellbeing", WELLBEING), ("edibles", EDIBLES)):
        (described,) = re.findall(rf"\| `{name}.csv` \|[^|]+\|([^|]+)\|", page)
        assert tuple(re.findall(r"`(\w+)`", described)) == columns
