"""A form that arrives twice acts once."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.purge import purge
from apps.meals.models import Meal
from foodmood.submissions.models import Submission
from tests.at_once import at_once
from tests.conftest import sign_in
from tests.factories import EdibleFactory, MealFactory, OptionFactory, PortionFactory

pytestmark = pytest.mark.django_db

MEAL = "/day/2026-03-01/meal/"


def meal(**changes: Any) -> dict[str, Any]:
    return {
        "submission": "b2a1",
        "edible": "Oats",
        "amount": "",
        "unit": "",
        "category": "BREAKFAST",
        "eaten_at": "2026-03-01T08:05",
    } | changes


def messages_of(client: Client) -> str:
    return client.get("/").content.decode()


@pytest.mark.parametrize("path", ["/", "/day/2026-03-01/", "/meals/", "/edibles/new/", "/wellbeing/categories/new/"])
def test_each_form_that_adds_something_has_a_mark_of_its_own(alices: Client, alice: User, path: str) -> None:
    PortionFactory.create(meal__owner=alice)
    marks = [re.findall(r'name="submission" value="([^"]+)"', alices.get(path).content.decode()) for _ in range(2)]
    assert marks[0]
    assert len({*marks[0], *marks[1]}) == len(marks[0]) + len(marks[1])


def test_a_meal_sent_twice_is_logged_once_and_answered_alike(alices: Client) -> None:
    first, second = (alices.post(MEAL, meal()) for _ in range(2))
    assert Meal.objects.count() == 1
    assert (first.status_code, first.headers["Location"]) == (second.status_code, second.headers["Location"])
    assert "This came twice and is saved once." in messages_of(alices)


def test_with_htmx_the_page_is_shown_anew_with_what_was_saved(alices: Client) -> None:
    for _ in range(2):
        answer = alices.post(MEAL, meal(), headers={"HX-Request": "true"})
    assert Meal.objects.count() == 1
    assert answer.headers["HX-Refresh"] == "true"


def test_a_check_in_sent_twice_is_noted_once(alices: Client, alice: User) -> None:
    option = OptionFactory.create(category__owner=alice)
    form = {"submission": "1", "recorded_at": "2026-03-01T09:00", f"category-{option.category_id}": option.pk}
    for _ in range(2):
        assert alices.post("/day/2026-03-01/check-in/", form).status_code == 302
    assert alice.entries.count() == 1


def test_a_meal_logged_again_by_two_taps_is_logged_again_once(alices: Client, alice: User) -> None:
    meal = MealFactory.create(owner=alice)
    PortionFactory.create(meal=meal)
    for _ in range(2):
        alices.post(f"/meals/{meal.pk}/again/", {"submission": "1"})
    assert alice.meals.count() == 2


def test_a_name_that_is_taken_by_the_first_does_not_refuse_the_second(alices: Client, alice: User) -> None:
    latte = EdibleFactory.create(owner=alice, name="Latte")
    scale = {
        "options-TOTAL_FORMS": "2",
        "options-INITIAL_FORMS": "0",
        "options-0-label": "Low",
        "options-0-value": "1",
        "options-1-label": "High",
        "options-1-value": "2",
        "higher_is_better": "True",
    }
    forms: dict[str, dict[str, str]] = {
        "/edibles/new/": {"name": "Bread"},
        f"/edibles/{latte.pk}/duplicate/": {"name": "Latte 2"},
        "/wellbeing/categories/new/": {"name": "Focus", **scale},
    }
    for path, form in forms.items():
        first, second = (alices.post(path, form | {"submission": "1"}) for _ in range(2))
        assert (first.status_code, second.status_code) == (302, 302), path
        assert first.headers["Location"] == second.headers["Location"]


def test_one_that_was_refused_may_be_mended_and_sent_again(alices: Client) -> None:
    assert alices.post(MEAL, meal(edible="")).status_code == 422
    assert not Submission.objects.exists()
    assert alices.post(MEAL, meal()).status_code == 302
    assert Meal.objects.count() == 1


def test_asking_for_more_lines_is_no_end(alices: Client) -> None:
    for _ in range(2):
        answer = alices.post("/edibles/new/", {"name": "Bread", "more": "1", "submission": "1"})
        assert (answer.status_code, b"Bread" in answer.content) == (200, True)


def test_another_meal_from_a_page_that_was_gone_back_to_is_logged(alices: Client) -> None:
    alices.post(MEAL, meal())
    alices.post(MEAL, meal(edible="Milk"))
    assert Meal.objects.count() == 2


def test_without_a_mark_each_is_one_more(alices: Client) -> None:
    for _ in range(2):
        alices.post(MEAL, meal(submission=""))
    assert Meal.objects.count() == 2


def test_somebody_elses_mark_does_not_matter(alices: Client, bobs: Client, alice: User, bob: User) -> None:
    for browser in (alices, bobs):
        browser.post(MEAL, meal())
    assert (alice.meals.count(), bob.meals.count()) == (1, 1)


def test_what_fails_in_the_middle_leaves_no_note_that_it_is_done(
    alices: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    alices.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.delattr("apps.journal.views.redirect")  # after the meal is written
        assert alices.post(MEAL, meal()).status_code == 500
    assert (Meal.objects.count(), Submission.objects.count()) == (0, 0)
    alices.post(MEAL, meal())
    assert Meal.objects.count() == 1


def test_nothing_of_what_was_typed_is_in_the_note(alices: Client) -> None:
    alices.post(MEAL, meal(edible="Secret cake"))
    note = Submission.objects.values().get()
    assert "Secret" not in str(note)


def test_it_costs_one_insert_and_one_update(alices: Client) -> None:
    alices.post(MEAL, meal(submission=""))  # so that the edible is there
    with CaptureQueriesContext(connection) as without:
        alices.post(MEAL, meal(submission=""))
    with CaptureQueriesContext(connection) as marked:
        alices.post(MEAL, meal())
    assert len(marked) == len(without) + 4  # and a savepoint, which outside of a test is the transaction


def test_the_notes_are_purged(alices: Client, alice: User) -> None:
    alices.post(MEAL, meal())
    purge()
    assert Submission.objects.exists()
    Submission.objects.update(at=timezone.now() - timedelta(days=3))
    purge()
    assert not Submission.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_one_moment_act_once(alice: User) -> None:
    answers: list[int] = []

    def tap() -> None:
        answers.append(sign_in(Client(), alice).post(MEAL, meal()).status_code)

    assert at_once([tap] * 4) == [None] * 4
    assert answers == [302] * 4
    assert alice.meals.count() == 1
