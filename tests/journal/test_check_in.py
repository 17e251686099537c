from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.journal import actions
from apps.wellbeing.models import Category, Entry, Option
from tests.factories import CategoryFactory, OptionFactory
from tests.meanwhile import just_before

pytestmark = pytest.mark.django_db

URL = "/day/2026-03-01/check-in/"


@pytest.fixture
def good(alice: User) -> Option:
    return OptionFactory.create(category__owner=alice, category__name="Mood", label="Good")


def typed(*options: Option, **changes: Any) -> dict[str, Any]:
    rated = {f"category-{option.category_id}": option.pk for option in options}
    return {"recorded_at": "2026-03-01T10:00", "notes": ""} | rated | changes


def test_a_stranger_is_sent_to_log_in(client: Client) -> None:
    assert client.post(URL).headers["Location"].startswith("/accounts/login/")


def test_it_is_only_posted_to(alices: Client) -> None:
    assert alices.get(URL).status_code == 405


def test_a_check_in_is_kept_as_entries_of_one_time(alices: Client, alice: User, good: Option) -> None:
    awake = OptionFactory.create(category__owner=alice)
    alices.post(URL, typed(good, awake))
    entries = alice.entries.order_by("pk")
    assert [entry.option for entry in entries] == [good, awake]
    assert {entry.recorded_at for entry in entries} == {datetime(2026, 3, 1, 9, tzinfo=UTC)}


def test_categories_may_stay_empty(alices: Client, alice: User, good: Option) -> None:
    other = CategoryFactory.create(owner=alice)
    alices.post(URL, typed(good, **{f"category-{other.pk}": ""}))
    assert Entry.objects.get().option == good


def test_a_note_is_kept_once(alices: Client, alice: User, good: Option) -> None:
    alices.post(URL, typed(good, OptionFactory.create(category__owner=alice), notes="After a walk"))
    assert [entry.notes for entry in Entry.objects.order_by("pk")] == ["After a walk", ""]


def test_without_a_script_the_page_is_shown_anew(alices: Client, good: Option) -> None:
    assert alices.post(URL, typed(good)).headers["Location"] == "/day/2026-03-01/"


def test_with_htmx_the_day_comes_back_in_place(alices: Client, good: Option) -> None:
    page = alices.post(URL, typed(good), headers={"HX-Request": "true"}).content.decode()
    assert 'id="timeline"' in page
    assert f"Noted: {good.category.name}: Good" in page


def test_rating_nothing_is_refused(alices: Client, good: Option) -> None:
    response = alices.post(URL, typed())
    assert response.status_code == 422
    assert "Rate at least one of these" in response.content.decode()


@pytest.mark.parametrize(
    ("changes", "mend"),
    [
        ({"recorded_at": "9999-01-01T00:00"}, "between the years 1900 and 2099"),
        ({"recorded_at": "2026-03-29T02:30"}, "The clocks went forward"),
        ({"recorded_at": "soon"}, "Choose a date and a time"),
        ({"notes": "\x00"}, "control characters"),
        ({"notes": "n" * 10_001}, "at most 10000 characters"),
    ],
)
def test_what_does_not_fit_is_named_with_its_mend(
    alices: Client, good: Option, changes: dict[str, Any], mend: str
) -> None:
    response = alices.post(URL, typed(good, **changes))
    assert response.status_code == 422
    assert mend in response.content.decode()
    assert not Entry.objects.exists()


def test_a_step_that_is_no_number_is_refused(alices: Client, good: Option) -> None:
    response = alices.post(URL, typed(**{f"category-{good.category_id}": "best"}))
    assert response.status_code == 422
    assert "Choose one of the steps of “Mood”" in response.content.decode()


@pytest.mark.parametrize("moment", ["before", "in that moment"])
@pytest.mark.parametrize("what", ["the step", "its category"])
def test_what_is_gone_meanwhile_is_said_and_the_rest_can_be_saved(
    alices: Client, good: Option, monkeypatch: pytest.MonkeyPatch, what: str, moment: str
) -> None:
    awake = OptionFactory.create(category__owner=good.category.owner)
    OptionFactory.create(category=good.category)
    gone = Option.objects.filter(pk=good.pk) if what == "the step" else Category.objects.filter(pk=good.category_id)
    data = typed(good, awake)
    if moment == "before":
        gone.delete()
    else:
        just_before(monkeypatch, actions, "check_in", gone.delete)
    response = alices.post(URL, data, headers={"HX-Request": "true"})
    assert response.status_code == 422
    assert "is gone meanwhile" in response.content.decode()
    assert not Entry.objects.exists()
    still_there = {field.html_name: field.value() for field in response.context["check_in_form"].scales()}
    assert str(still_there.pop(f"category-{awake.category_id}")) == str(awake.pk)
    alices.post(URL, typed(awake))
    assert Entry.objects.get().option == awake


def test_a_refused_form_keeps_what_was_chosen(alices: Client, good: Option) -> None:
    page = alices.post(URL, typed(good, recorded_at=""), headers={"HX-Request": "true"}).content.decode()
    assert "checked" in page


def test_somebody_elses_step_is_as_good_as_gone(alices: Client, good: Option) -> None:
    theirs = OptionFactory.create(label="Theirs")
    response = alices.post(URL, typed(**{f"category-{good.category_id}": theirs.pk}))
    assert response.status_code == 422
    assert "Theirs" not in response.content.decode()
    assert not Entry.objects.exists()


@pytest.mark.parametrize("pk", ["", "x", "9" * 30, "-1"])
def test_a_category_that_is_none_is_as_good_as_gone(alices: Client, good: Option, pk: str) -> None:
    assert alices.post(URL, typed(good, **{f"category-{pk}": "1"})).status_code == 422
    assert not Entry.objects.exists()


def test_somebody_elses_category_is_as_good_as_gone(alices: Client, good: Option) -> None:
    theirs = OptionFactory.create(category__name="Theirs")
    response = alices.post(URL, typed(good, theirs))
    assert response.status_code == 422
    assert "Theirs" not in response.content.decode()
    assert not Entry.objects.exists()


def test_another_categorys_step_is_none_of_this_one(alices: Client, alice: User, good: Option) -> None:
    other = OptionFactory.create(category__owner=alice)
    assert alices.post(URL, typed(**{f"category-{good.category_id}": other.pk})).status_code == 422
    assert not Entry.objects.exists()


def test_a_category_archived_meanwhile_is_not_dropped_in_silence(alices: Client, good: Option) -> None:
    Category.objects.update(is_active=False)
    response = alices.post(URL, typed(good))
    assert response.status_code == 422
    assert "was archived meanwhile" in response.content.decode()


def test_an_archived_category_is_not_asked_for(alices: Client, alice: User, good: Option) -> None:
    CategoryFactory.create(owner=alice, name="Old headache", is_active=False)
    page = alices.get("/").content.decode()
    assert "Mood" in page
    assert "Old headache" not in page


def test_who_has_no_categories_is_offered_some(alices: Client) -> None:
    assert 'action="/log/starter-categories/"' in alices.get("/").content.decode()


def test_the_offer_is_taken_with_one_tap(alices: Client, alice: User) -> None:
    assert alices.post("/log/starter-categories/").headers["Location"] == "/"
    assert alice.categories.count() == 4


def test_the_offer_is_only_posted_to(alices: Client) -> None:
    assert alices.get("/log/starter-categories/").status_code == 405


def test_the_offer_is_not_for_strangers(client: Client) -> None:
    client.post("/log/starter-categories/")
    assert not Category.objects.exists()
