from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.archive.model import Archive, Category, Edible, Entry, Meal, Option, Portion
from apps.archive.reader import read_archive
from apps.portability.actions import import_archive
from apps.portability.exports import exported
from apps.portability.merging import plan_import
from apps.portability.plan import MergeConflictError, Plan
from apps.wellbeing.starter import create_starter_categories
from tests.factories import CategoryFactory, EdibleFactory, IngredientFactory, MealFactory, OptionFactory

pytestmark = pytest.mark.django_db

EIGHT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
MOOD = Category("Mood", (Option("Low", 1, "", 1), Option("Good", 2, "", 2)))
ARCHIVE = Archive(
    timezone="Europe/Berlin",
    edibles=(Edible("Latte", ("Espresso", "Milk"), notes="The large one"), Edible("Milk"), Edible("Espresso")),
    meals=(
        Meal("BREAKFAST", EIGHT, (Portion("Latte"), Portion("Milk", Decimal("0.2"), "l"))),
        Meal("SNACK", EIGHT + timedelta(hours=2), (Portion("Milk"), Portion("Milk")), title="Two glasses"),
    ),
    categories=(MOOD,),
    entries=(Entry("Mood", "Low", EIGHT + timedelta(hours=3), "Tired"), Entry("Mood", "Good", EIGHT)),
)


def contents(archive: Archive) -> tuple[object, ...]:
    """An archive without the order of its parts, which the file's format settles."""
    return (
        archive.timezone,
        {replace(edible, ingredients=tuple(sorted(edible.ingredients))) for edible in archive.edibles},
        sorted(map(repr, archive.meals)),
        set(archive.categories),
        sorted(map(repr, archive.entries)),
    )


def archive_of(owner: User) -> Archive:
    return read_archive(b"".join(exported(owner)))


def test_a_restored_archive_comes_out_as_it_went_in(alice: User) -> None:
    alice.time_zone = "UTC"
    import_archive(owner=alice, archive=ARCHIVE, restore=True)
    assert contents(archive_of(alice)) == contents(ARCHIVE)


def test_restoring_replaces_untouched_starter_categories(alice: User) -> None:
    create_starter_categories(owner=alice)
    import_archive(owner=alice, archive=ARCHIVE, restore=True)
    assert archive_of(alice).categories == (MOOD,)


def test_restoring_keeps_a_starter_category_that_was_changed(alice: User) -> None:
    create_starter_categories(owner=alice)
    alice.categories.filter(name="Energy").update(description="After lunch")
    import_archive(owner=alice, archive=ARCHIVE, restore=True)
    assert {category.name for category in archive_of(alice).categories} == {"Mood", "Energy"}


def test_restoring_into_a_diary_in_use_keeps_its_time_zone_and_categories(alice: User) -> None:
    EdibleFactory.create(owner=alice)
    User.objects.update(time_zone="Asia/Tokyo")
    alice.refresh_from_db()
    CategoryFactory.create(owner=alice, name="Focus")
    import_archive(owner=alice, archive=ARCHIVE, restore=True)
    alice.refresh_from_db()
    assert (alice.time_zone, alice.categories.count()) == ("Asia/Tokyo", 2)


def test_the_same_archive_twice_adds_nothing(alice: User) -> None:
    import_archive(owner=alice, archive=ARCHIVE, restore=True)
    assert import_archive(owner=alice, archive=ARCHIVE, restore=True) == Plan()


def test_like_entries_and_meals_in_one_file_stay_two(alice: User) -> None:
    twice = replace(ARCHIVE, meals=ARCHIVE.meals * 2, entries=ARCHIVE.entries * 2)
    import_archive(owner=alice, archive=twice, restore=True)
    assert (alice.meals.count(), alice.entries.count()) == (4, 4)


def test_a_meal_that_grew_gets_only_what_it_lacks(alice: User) -> None:
    import_archive(owner=alice, archive=ARCHIVE, restore=False)
    breakfast = replace(ARCHIVE.meals[0], portions=(*ARCHIVE.meals[0].portions, Portion("Espresso")))
    plan = import_archive(owner=alice, archive=replace(ARCHIVE, meals=(breakfast,)), restore=False)
    assert (plan.meals, plan.portions, alice.meals.count()) == ([], 1, 2)


def test_of_two_meals_alike_but_for_their_notes_each_finds_its_own(alice: User) -> None:
    first, second = (replace(ARCHIVE.meals[0], notes=notes) for notes in ("one", "two"))
    import_archive(owner=alice, archive=replace(ARCHIVE, meals=(second,)), restore=False)
    import_archive(owner=alice, archive=replace(ARCHIVE, meals=(first, second)), restore=False)
    assert set(alice.meals.values_list("notes", flat=True)) == {"one", "two"}


def test_notes_are_filled_in_where_the_diary_has_none(alice: User) -> None:
    EdibleFactory.create(owner=alice, name="Latte")
    import_archive(owner=alice, archive=ARCHIVE, restore=False)
    noted = replace(ARCHIVE, meals=(replace(ARCHIVE.meals[0], notes="By the sea"),))
    plan = import_archive(owner=alice, archive=noted, restore=False)
    assert plan.described() == ["1 note"]
    assert alice.edibles.get(name="Latte").notes == "The large one"
    assert alice.meals.earliest("eaten_at").notes == "By the sea"


def test_notes_that_are_there_stay(alice: User) -> None:
    EdibleFactory.create(owner=alice, name="Latte", notes="Mine")
    import_archive(owner=alice, archive=ARCHIVE, restore=False)
    assert alice.edibles.get(name="Latte").notes == "Mine"


def test_a_long_chain_of_ingredients_is_walked_once(alice: User) -> None:
    names = [f"Doll {n}" for n in range(5000)]
    chain = (*(Edible(name, (inner,)) for name, inner in pairwise(names)), Edible(names[-1]))
    plan = plan_import(owner=alice, archive=Archive("UTC", edibles=chain), restore=False)
    assert len(plan.ingredients) == 4999


def test_an_edible_is_known_whatever_its_case(alice: User) -> None:
    EdibleFactory.create(owner=alice, name="LATTE")
    plan = plan_import(owner=alice, archive=ARCHIVE, restore=False)
    assert [edible.name for edible in plan.edibles] == ["Milk", "Espresso"]


def test_an_edible_keeps_the_ingredients_it_has(alice: User) -> None:
    latte = EdibleFactory.create(owner=alice, name="Latte")
    IngredientFactory.create(container=latte, edible__name="Oat milk")
    import_archive(owner=alice, archive=ARCHIVE, restore=False)
    assert [ingredient.name for ingredient in latte.ingredients.all()] == ["Oat milk"]


def test_a_cycle_between_diary_and_archive_is_refused_by_name(alice: User) -> None:
    milk = EdibleFactory.create(owner=alice, name="Milk")
    IngredientFactory.create(container=milk, edible__name="Latte")
    with pytest.raises(MergeConflictError, match="“Latte” would contain itself"):
        import_archive(owner=alice, archive=ARCHIVE, restore=False)


def test_another_scale_of_the_same_name_is_refused_and_nothing_is_added(alice: User) -> None:
    OptionFactory.create(category__owner=alice, category__name="mood", label="Awful", value=1)
    with pytest.raises(MergeConflictError, match="“Awful” at 1, the file has “Low” at 1"):
        import_archive(owner=alice, archive=ARCHIVE, restore=False)
    assert not alice.edibles.exists()


def test_a_scale_grows_by_options_that_do_not_contradict_it(alice: User) -> None:
    OptionFactory.create(category__owner=alice, category__name="Mood", label="Low", value=1)
    import_archive(owner=alice, archive=ARCHIVE, restore=False)
    assert [option.label for option in alice.categories.get().options.all()] == ["Low", "Good"]


def test_nothing_of_a_stranger_is_matched_or_touched(alice: User, bob: User) -> None:
    import_archive(owner=bob, archive=ARCHIVE, restore=True)
    before = archive_of(bob)
    assert import_archive(owner=alice, archive=ARCHIVE, restore=True).portions == 4
    assert archive_of(bob) == before


@pytest.mark.parametrize("meals", [10, 1000])
def test_exporting_takes_the_same_queries_for_any_diary(alice: User, meals: int) -> None:
    MealFactory.create_batch(2, owner=alice)
    archive = replace(
        ARCHIVE, meals=tuple(replace(ARCHIVE.meals[0], eaten_at=EIGHT + timedelta(days=day)) for day in range(meals))
    )
    import_archive(owner=alice, archive=archive, restore=False)
    with CaptureQueriesContext(connection) as queries:
        list(exported(alice))
    assert len(queries) == 6
