from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.wellbeing import forms
from apps.wellbeing.models import Entry, Option
from apps.wellbeing.starter import create_starter_categories
from tests.factories import EntryFactory, OptionFactory
from tests.meanwhile import just_before

pytestmark = pytest.mark.django_db

EXACT = datetime(2026, 3, 1, 12, 0, 42, 7, tzinfo=UTC)


@pytest.fixture
def entry(alice: User) -> Entry:
    mood = create_starter_categories(owner=alice)[0]
    return EntryFactory.create(category=mood, option=mood.options.get(value=2), recorded_at=EXACT, notes="Rain")


def url(entry: Entry) -> str:
    return reverse("wellbeing:entry", args=[entry.pk])


def delete_url(entry: Entry) -> str:
    return reverse("wellbeing:delete_entry", args=[entry.pk])


def filled(entry: Entry, **changes: Any) -> dict[str, Any]:
    return {"option": entry.option_id, "recorded_at": "2026-03-01T13:00", "notes": "Rain"} | changes


def test_the_owner_sees_it_at_the_local_time(alices: Client, entry: Entry) -> None:
    page = alices.get(url(entry)).content.decode()
    assert 'value="1:00 pm"' in page
    assert "Rain" in page


def test_option_time_and_notes_can_change(alices: Client, entry: Entry) -> None:
    great = entry.category.options.get(value=5)
    data = filled(entry, option=great.pk, recorded_at="2026-07-01T08:30", notes="Sun")
    assert alices.post(url(entry), data).status_code == 302
    entry.refresh_from_db()
    assert (entry.option, entry.recorded_at, entry.notes) == (great, datetime(2026, 7, 1, 6, 30, tzinfo=UTC), "Sun")


def test_a_time_that_was_left_alone_keeps_its_seconds(alices: Client, entry: Entry) -> None:
    alices.post(url(entry), filled(entry, notes="Snow"))
    entry.refresh_from_db()
    assert (entry.recorded_at, entry.notes) == (EXACT, "Snow")


def test_the_second_of_two_equal_hours_stays_the_second(alices: Client, entry: Entry) -> None:
    """On 25 October 2026 Berlin has 02:30 twice; this is the later one."""
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    Entry.objects.filter(pk=entry.pk).update(recorded_at=second)
    assert alices.post(url(entry), filled(entry, recorded_at="2026-10-25T02:30")).status_code == 302
    entry.refresh_from_db()
    assert entry.recorded_at == second


@pytest.mark.parametrize(
    ("changes", "is_guess"),
    [({"time_guessed": "on"}, True), ({}, False), ({"time_guessed": "on", "recorded_at": "2026-03-01T13:20"}, False)],
)
def test_confirming_or_changing_the_time_clears_a_guess(
    alices: Client, entry: Entry, changes: dict[str, str], *, is_guess: bool
) -> None:
    Entry.objects.filter(pk=entry.pk).update(time_guessed=True)
    assert "The time is a guess" in alices.get(url(entry)).content.decode()
    alices.post(url(entry), filled(entry, **changes))
    entry.refresh_from_db()
    assert entry.time_guessed is is_guess


def test_to_a_stranger_it_is_not_there(bobs: Client, entry: Entry) -> None:
    assert bobs.get(url(entry)).status_code == 404
    assert bobs.post(url(entry), filled(entry, notes="Mine")).status_code == 404
    assert bobs.post(delete_url(entry)).status_code == 404
    entry.refresh_from_db()
    assert entry.notes == "Rain"


def test_who_is_not_signed_in_is_sent_to_log_in(client: Client, entry: Entry) -> None:
    assert client.get(url(entry)).status_code == 302
    assert client.post(delete_url(entry)).status_code == 302
    assert Entry.objects.exists()


@pytest.mark.parametrize(
    "bad",
    [
        {"recorded_at": ""},
        {"recorded_at": "yesterday"},
        {"recorded_at": "9999-12-31T23:59"},
        {"recorded_at": "0001-01-01T00:00"},
        {"recorded_at": "2026-03-29T02:30"},
        {"option": ""},
        {"option": "9" * 30},
        {"option": "great"},
        {"notes": "x" * 10_001},
        {"notes": "\0"},
    ],
    ids=str,
)
def test_bad_input_is_refused_and_nothing_half_written(alices: Client, entry: Entry, bad: dict[str, Any]) -> None:
    assert alices.post(url(entry), filled(entry, notes="Snow") | bad).status_code == 422
    entry.refresh_from_db()
    assert (entry.notes, entry.option.value, entry.recorded_at) == ("Rain", 2, EXACT)


def test_an_option_of_another_category_or_person_is_no_choice(
    alices: Client, alice: User, bob: User, entry: Entry
) -> None:
    for owner in (alice, bob):
        other = OptionFactory.create(category__owner=owner)
        assert alices.post(url(entry), filled(entry, option=other.pk)).status_code == 422


def test_an_option_that_went_a_moment_ago_is_refused_in_words(
    alices: Client, entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    great = entry.category.options.get(value=5)
    just_before(monkeypatch, forms, "save_entry", lambda: Option.objects.get(value=5, category=great.category).delete())
    response = alices.post(url(entry), filled(entry, option=great.pk))
    assert response.status_code == 422
    assert "“Great” is gone meanwhile. Choose again." in response.content.decode()
    entry.refresh_from_db()
    assert entry.option.value == 2


def test_one_deleted_a_moment_ago_is_not_brought_back(
    alices: Client, entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    just_before(monkeypatch, forms, "save_entry", Entry.objects.all().delete)
    assert alices.post(url(entry), filled(entry)).status_code == 404
    assert not Entry.objects.exists()


def test_it_can_be_deleted(alices: Client, entry: Entry) -> None:
    assert alices.post(delete_url(entry)).status_code == 302
    assert not Entry.objects.exists()
    assert Option.objects.exists()


def test_deleting_is_only_posted(alices: Client, entry: Entry) -> None:
    assert alices.get(delete_url(entry)).status_code == 405
    assert Entry.objects.exists()
