"""An import is undone as a whole: what it added goes, unless the person changed it or uses it elsewhere."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.edibles.actions import save_edible
from apps.edibles.models import Edible, Ingredient
from apps.portability.exports import exported
from apps.portability.models import Import, ImportedRow
from apps.portability.plan import Plan
from apps.portability.undo import plan_undo, undo_import
from tests.constraints.refusal import refused_by_the_database
from tests.factories import EdibleFactory, EntryFactory, IngredientFactory, PortionFactory
from tests.portability.files import CORRECTED, FIRST_WEEK, MOODS, NEXT_WEEK, SERVINGS, bring

pytestmark = pytest.mark.django_db


def newest(owner: User) -> Import:
    return owner.imports.all()[0]


def undone(owner: User) -> dict[str, str]:
    """The newest import's undoing: what stays, with the reason."""
    return {each.name: each.reason for each in undo_import(newest(owner)).stays}


def test_untouched_import_leaves_nothing(alice: User) -> None:
    before = b"".join(exported(alice))
    for text, kind in ((FIRST_WEEK, "cronometer"), (MOODS, "daylio")):
        bring(alice, text, kind, tired=2)
        assert undone(alice) == {}
    assert b"".join(exported(alice)) == before
    assert not Import.objects.exists()
    assert not ImportedRow.objects.exists()


def test_undone_file_can_be_imported_again(alice: User) -> None:
    bring(alice, FIRST_WEEK)
    undo_import(newest(alice))
    assert bring(alice, FIRST_WEEK).new == 3


def test_undo_lets_other_imports_bring_rows_back(alice: User) -> None:
    bring(alice, FIRST_WEEK)
    archive = b"".join(exported(alice))
    plan = bring(alice, archive, "foodmood")
    assert (plan.new, plan.recognised) == (0, 3)
    undo_import(alice.imports.get(format="cronometer"))
    assert not alice.meals.exists()
    again = bring(alice, archive, "foodmood")
    assert again.deleted == []
    assert b"".join(exported(alice)) == archive


def test_own_archive_is_undone(alice: User) -> None:
    IngredientFactory.create(container__owner=alice)
    PortionFactory.create(meal__owner=alice)
    EntryFactory.create(option__category__owner=alice)
    archive = b"".join(exported(alice))
    for rows in (alice.meals, alice.entries, alice.categories):
        rows.all().delete()
    Ingredient.objects.all().delete()
    alice.edibles.all().delete()
    bring(alice, archive, "foodmood")
    assert undone(alice) == {}
    assert not any(rows.exists() for rows in (alice.meals, alice.edibles, alice.categories))


def test_what_was_there_before_stays(alice: User) -> None:
    own = PortionFactory.create(meal__owner=alice, edible__name="Toast")
    bring(alice, FIRST_WEEK)
    assert undone(alice) == {}
    assert list(alice.meals.all()) == [own.meal]
    assert list(alice.edibles.all()) == [own.edible]


def test_changed_portion_stays_with_its_meal_and_food(alice: User) -> None:
    bring(alice, FIRST_WEEK)
    alice.meals.earliest("eaten_at").portions.filter(edible__name="Toast").update(amount=5)
    stays = undone(alice)
    assert stays.pop("Toast") in {"you changed it", "you use it elsewhere"}
    assert list(stays.values()) == ["something else is in it"]
    assert list(alice.edibles.values_list("name", flat=True)) == ["Toast"]
    assert alice.meals.get().portions.count() == 1


def test_changed_meal_stays_whole(alice: User) -> None:
    bring(alice, FIRST_WEEK)
    alice.meals.filter(portions__edible__name="Toast").update(notes="By the sea")
    stays = undone(alice)
    assert "you changed it" in stays.values()
    assert alice.meals.get().portions.count() == 2


def test_meal_with_something_of_ones_own_stays(alice: User) -> None:
    bring(alice, FIRST_WEEK)
    meal = alice.meals.earliest("eaten_at")
    PortionFactory.create(meal=meal, edible__name="Tea")
    assert list(undone(alice).values()) == ["something else is in it"]
    assert [portion.edible.name for portion in alice.meals.get().eaten] == ["Tea"]


def test_food_used_elsewhere_stays(alice: User) -> None:
    bring(alice, FIRST_WEEK)
    sandwich = EdibleFactory.create(owner=alice, name="Sandwich")
    save_edible(edible=sandwich, added=["Toast"])
    assert undone(alice) == {"Toast": "you use it elsewhere"}
    assert set(alice.edibles.values_list("name", flat=True)) == {"Sandwich", "Toast"}


def test_renamed_food_stays(alice: User) -> None:
    bring(alice, FIRST_WEEK)
    eggs = alice.edibles.get(name="Eggs, Cooked")
    eggs.name = "Eggs"
    save_edible(edible=eggs)
    assert undone(alice) == {"Eggs": "you changed it"}


def test_changed_rating_stays_with_its_category(alice: User) -> None:
    bring(alice, MOODS, "daylio", tired=2)
    entry = alice.entries.latest("recorded_at")
    entry.notes = "Long day"
    entry.save()
    stays = undone(alice)
    assert sorted(stays.values()) == ["you changed it", "you use it elsewhere"]
    assert alice.entries.get() == entry


def test_what_stayed_is_not_added_again(alice: User) -> None:
    bring(alice, MOODS, "daylio", tired=2)
    alice.entries.filter(option__value=2).update(notes="Long day")
    undo_import(newest(alice))
    assert newest(alice).undone_at is not None
    assert len(bring(alice, MOODS, "daylio", tired=2).entries) == 1
    assert alice.entries.count() == 2


def test_each_import_undoes_its_own_rows(alice: User) -> None:
    bring(alice, FIRST_WEEK)
    bring(alice, NEXT_WEEK)
    assert undone(alice) == {}
    assert (alice.meals.count(), alice.imports.count()) == (2, 1)
    bring(alice, NEXT_WEEK)
    undo_import(alice.imports.earliest("at"))
    assert [meal.eaten_at.day for meal in alice.meals.all()] == [5]


def test_deleted_rows_do_not_hinder(alice: User) -> None:
    bring(alice, FIRST_WEEK)
    alice.meals.earliest("eaten_at").delete()
    assert undone(alice) == {}
    assert not alice.edibles.exists()


def test_failure_halfway_leaves_everything(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    bring(alice, FIRST_WEEK)
    before = b"".join(exported(alice))

    def fail(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(Import, "delete", fail)
    with pytest.raises(DatabaseError):
        undo_import(newest(alice))
    assert b"".join(exported(alice)) == before


def test_strangers_diary_stays(alice: User, bob: User) -> None:
    bring(alice, FIRST_WEEK)
    bring(bob, FIRST_WEEK)
    undo_import(newest(alice))
    assert bring(bob, FIRST_WEEK) == Plan()


def test_rows_of_a_strangers_import_are_refused(alice: User, bob: User) -> None:
    bring(bob, FIRST_WEEK)
    with refused_by_the_database():
        ImportedRow.objects.create(owner=alice, origin=newest(bob), kind="meal", row=1, said="", written="", added=True)


@pytest.mark.parametrize("days", [3, 28])
def test_planning_takes_the_same_queries(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries, days: int
) -> None:
    rows = [f'2026-02-{day + 1:02},8:00,Lunch,"Soup {day}",1 bowl,\n' for day in range(days)]
    bring(alice, SERVINGS + "".join(rows))
    imported = newest(alice)
    with django_assert_num_queries(14):
        plan = plan_undo(imported)
    assert (len(plan.meals), len(plan.edibles)) == (days, days)


def test_import_takes_the_same_queries(alice: User, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    rows = [f'2026-02-{day + 1:02},8:00,Lunch,"Soup {day}",1 bowl,\n' for day in range(28)]
    with django_assert_max_num_queries(40):
        bring(alice, SERVINGS + "".join(rows))
    with django_assert_max_num_queries(40):
        bring(alice, SERVINGS + "".join(rows).replace("1 bowl", "2 bowl"))


def test_page_lists_imports_with_their_files(alices: Client, alice: User, bob: User) -> None:
    bring(alice, FIRST_WEEK)
    bring(bob, MOODS, "daylio", tired=2)
    page = alices.get("/data/").content.decode()
    assert "export.csv" in page
    assert f"/data/imports/{newest(alice).pk}/undo/" in page
    assert f"/data/imports/{newest(bob).pk}/undo/" not in page


def test_list_of_imports_has_pages(alices: Client, alice: User) -> None:
    Import.objects.bulk_create(Import(owner=alice, format="daylio", file_name=f"f{n}.csv") for n in range(11))
    assert alices.get("/data/").content.decode().count("/undo/") == 10
    assert alices.get("/data/?page=2").content.decode().count("/undo/") == 1


def test_page_names_what_goes_and_stays_first(alices: Client, alice: User) -> None:
    bring(alice, FIRST_WEEK)
    bring(alice, CORRECTED)
    Edible.objects.filter(name="Toast").update(notes="Mine")
    page = alices.get(f"/data/imports/{alice.imports.earliest('at').pk}/undo/").content.decode()
    assert "2 meals" in page
    assert "Toast (you changed it)" in page
    assert alice.meals.count() == 2


def test_page_undoes_and_says_what_went(alices: Client, alice: User) -> None:
    bring(alice, FIRST_WEEK)
    answer = alices.post(f"/data/imports/{newest(alice).pk}/undo/", follow=True)
    assert "Removed: 2 meals, 3 portions, 2 edibles." in answer.content.decode()
    assert not alice.meals.exists()


def test_strangers_import_is_not_found(alices: Client, bob: User) -> None:
    bring(bob, FIRST_WEEK)
    assert alices.post(f"/data/imports/{newest(bob).pk}/undo/").status_code == 404
    assert bob.meals.count() == 2


def test_command_lists_and_undoes(alice: User, capsys: pytest.CaptureFixture[str]) -> None:
    bring(alice, FIRST_WEEK)
    number = newest(alice).pk
    call_command("undo_import", "--user", alice.email)
    assert f"{number}" in capsys.readouterr().out
    call_command("undo_import", "--user", alice.email, str(number), "--dry-run")
    assert "Would be removed: 2 meals, 3 portions" in capsys.readouterr().out
    call_command("undo_import", "--user", alice.email, str(number))
    assert "Removed: 2 meals, 3 portions" in capsys.readouterr().out
    with pytest.raises(CommandError, match="has no import"):
        call_command("undo_import", "--user", alice.email, str(number))


def test_command_names_what_stays(alice: User, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [f"2026-11-{day:02},8:00,Breakfast,Soup,1 g,1" for day in range(1, 26)]
    bring(alice, SERVINGS + "\n".join(rows))
    alice.meals.update(notes="Mine")
    call_command("undo_import", "--user", alice.email, str(newest(alice).pk))
    said = capsys.readouterr().out
    assert "Removed: nothing." in said
    assert "stays: you changed it" in said
    assert "and 6 more stay" in said  # the food, too
