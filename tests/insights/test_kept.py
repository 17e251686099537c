"""Results are kept as long as the diary stays the very same, and are nobody else's."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.test import Client

from apps.accounts.models import User
from apps.edibles.models import Ingredient
from apps.insights import kept
from apps.insights.engine import OutcomeResult
from apps.insights.engine.analysis import analyse
from apps.insights.rows import Packed, diary_in, unpack
from tests.factories import EdibleFactory, EntryFactory, IngredientFactory, MealFactory, PortionFactory
from tests.insights.diaries import demo, keep

pytestmark = pytest.mark.django_db


@pytest.fixture
def analysed(monkeypatch: pytest.MonkeyPatch) -> list[Packed]:
    """Every diary that was really analysed."""
    diaries = []

    def note(diary: Packed) -> tuple[OutcomeResult, ...]:
        diaries.append(diary)
        return analyse(diary_in(unpack(diary)))

    monkeypatch.setattr(kept, "analyse_apart", note)
    return diaries


@pytest.fixture
def _diary(alice: User) -> None:
    keep(alice, demo(days=5))


def look(browser: Client) -> bytes:
    answer = browser.get("/insights/")
    assert answer.status_code == 200
    return answer.content.partition(b"<main")[2].partition(b"</main>")[0]  # without the page's own tokens


@pytest.mark.usefixtures("_diary")
def test_a_second_look_computes_nothing_anew_and_shows_the_same(alices: Client, analysed: list[Packed]) -> None:
    assert look(alices) == look(alices)
    assert len(analysed) == 1


@pytest.mark.usefixtures("_diary")
def test_the_page_of_a_category_finds_what_the_first_page_computed(
    alices: Client, alice: User, analysed: list[Packed]
) -> None:
    look(alices)
    alices.get(f"/insights/{alice.categories.earliest('pk').pk}/")
    assert len(analysed) == 1


@pytest.mark.usefixtures("_diary")
def test_of_each_person_the_newest_results_alone_are_kept(alices: Client, alice: User, analysed: list[Packed]) -> None:
    look(alices)
    edible = alice.edibles.filter(name="Milk")
    for name in ("Oat milk", "Milk"):
        edible.update(name=name)
        edible = alice.edibles.filter(name=name)
        look(alices)
    assert len(analysed) == 3
    assert analysed[0] == analysed[2]


def moves_an_entry(alice: User) -> None:
    entry = alice.entries.earliest("pk")
    alice.entries.filter(pk=entry.pk).update(recorded_at=entry.recorded_at + timedelta(minutes=1))


def rates_otherwise(alice: User) -> None:
    entry = alice.entries.earliest("pk")
    other = entry.category.options.exclude(pk=entry.option_id).earliest("pk")
    alice.entries.filter(pk=entry.pk).update(option=other)


CHANGES: list[Callable[[User], object]] = [
    moves_an_entry,
    rates_otherwise,
    lambda alice: alice.entries.earliest("pk").delete(),
    lambda alice: EntryFactory.create(option__category__owner=alice),
    lambda alice: PortionFactory.create(meal=MealFactory.create(owner=alice)),
    lambda alice: alice.meals.earliest("pk").delete(),
    lambda alice: alice.meals.filter(pk=alice.meals.earliest("pk").pk).update(eaten_at="2020-01-01T00:00Z"),
    lambda alice: alice.edibles.filter(name="Milk").update(name="Oat milk"),
    lambda alice: IngredientFactory.create(container=alice.edibles.get(name="Milk"), edible__owner=alice),
    lambda alice: Ingredient.objects.filter(owner=alice).earliest("pk").delete(),
    lambda alice: alice.categories.filter(name="Mood").update(higher_is_better=False),
    lambda alice: alice.categories.filter(name="Mood").update(name="Temper"),
    lambda alice: User.objects.filter(pk=alice.pk).update(time_zone="Asia/Tokyo"),
]


@pytest.mark.usefixtures("_diary")
@pytest.mark.parametrize("change", CHANGES, ids=range(len(CHANGES)))
def test_whatever_changes_in_the_diary_is_seen_at_once(
    alices: Client, alice: User, analysed: list[Packed], change: Callable[[User], object]
) -> None:
    look(alices)
    change(alice)
    look(alices)
    assert len(analysed) == 2


@pytest.mark.usefixtures("_diary")
def test_an_edible_that_was_never_eaten_says_nothing_new(alices: Client, alice: User, analysed: list[Packed]) -> None:
    look(alices)
    EdibleFactory.create(owner=alice)
    look(alices)
    assert len(analysed) == 1


@pytest.mark.usefixtures("_diary")
def test_an_engine_that_computes_otherwise_is_asked_anew(
    alices: Client, analysed: list[Packed], monkeypatch: pytest.MonkeyPatch
) -> None:
    look(alices)
    monkeypatch.setattr(kept, "_engine", lambda: "another")
    look(alices)
    assert len(analysed) == 2


@pytest.mark.usefixtures("_diary")
def test_nobody_else_finds_them(alices: Client, bobs: Client, analysed: list[Packed]) -> None:
    look(alices)
    assert b"Bloating" not in look(bobs)
    assert len(analysed) == 2


@pytest.mark.usefixtures("_diary")
def test_with_the_cache_emptied_they_are_computed_again(alices: Client, analysed: list[Packed]) -> None:
    first = look(alices)
    caches["losable"].clear()
    assert look(alices) == first
    assert len(analysed) == 2
