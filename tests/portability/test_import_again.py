"""A file that is imported again after the person went on with their diary."""

from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from apps.accounts.models import User
from apps.edibles.actions import save_edible
from apps.edibles.models import Ingredient
from apps.meals.actions import NewPortion, save_meal
from apps.portability.choices import Choices
from apps.portability.exports import exported
from apps.portability.models import Import, ImportedRow
from apps.portability.plan import MergeConflictError, Plan
from apps.wellbeing.actions import Step, save_category
from tests.factories import EdibleFactory, EntryFactory, MealFactory, PortionFactory
from tests.portability.files import CORRECTED, FIRST_WEEK, MOODS, NEXT_WEEK, SERVINGS, bring

pytestmark = pytest.mark.django_db


def rename(owner: User, old: str, new: str) -> None:
    edible = owner.edibles.get(name=old)
    edible.name = new
    save_edible(edible=edible)


def eaten(owner: User) -> list[tuple[str, Decimal | None, str]]:
    rows = owner.meals.order_by("eaten_at", "portions__pk")
    return list(rows.values_list("portions__edible__name", "portions__amount", "portions__unit"))


def test_renamed_food_is_recognised(alice: User) -> None:
    bring(alice, FIRST_WEEK)
    rename(alice, "Eggs, Cooked", "Eggs")
    plan = bring(alice, FIRST_WEEK)
    assert plan == Plan()
    assert plan.counted() == "3 rows recognised, 0 updated, 0 new."
    assert set(alice.edibles.values_list("name", flat=True)) == {"Eggs", "Toast"}


@pytest.mark.parametrize("kind", ["cronometer", "daylio"])
def test_another_time_zone_adds_nothing(alice: User, kind: str) -> None:
    text = FIRST_WEEK if kind == "cronometer" else MOODS
    bring(alice, text, kind, tired=2)
    User.objects.update(time_zone="America/New_York")
    assert bring(alice, text, kind, tired=2) == Plan()


def test_overlapping_file_adds_and_corrects(alice: User) -> None:
    bring(alice, FIRST_WEEK)
    rename(alice, "Eggs, Cooked", "Eggs")
    assert bring(alice, NEXT_WEEK, add=False).counted() == "3 rows recognised, 1 updated, 1 new."
    plan = bring(alice, NEXT_WEEK)
    assert plan.described() == ["1 meal", "1 portion"]
    large = ("Eggs", Decimal(2), "large")
    assert eaten(alice) == [large, ("Toast", Decimal(2), "slice"), large, large]
    assert bring(alice, NEXT_WEEK) == Plan()


def test_corrected_mapping_changes_the_rating(alice: User) -> None:
    bring(alice, MOODS, "daylio", tired=2)
    plan = bring(alice, MOODS, "daylio", tired=3)
    assert plan.counted() == "2 rows recognised, 1 updated, 0 new."
    assert list(alice.entries.order_by("recorded_at").values_list("option__value", flat=True)) == [4, 3]
    assert bring(alice, MOODS, "daylio", tired=3) == Plan()


def test_corrected_again_is_updated_again(alice: User) -> None:
    for amount in ("1.00", "2.00", "3.00"):
        bring(alice, FIRST_WEEK.replace("1.00 slice", f"{amount} slice"))
    assert ("Toast", Decimal(3), "slice") in eaten(alice)


def test_changed_row_is_named_and_stays(alice: User) -> None:
    bring(alice, FIRST_WEEK)
    portion = alice.meals.earliest("eaten_at").portions.get(edible__name="Toast")
    portion.amount = Decimal("1.5")
    portion.save()
    plan = bring(alice, CORRECTED)
    assert plan == Plan()
    (changed,) = plan.changed
    assert (changed.name, changed.file, changed.diary) == ("Toast", "2 slice", "1.5 slice")
    assert ("Toast", Decimal("1.5"), "slice") in eaten(alice)


def test_changed_row_is_replaced_when_wanted(alice: User) -> None:
    bring(alice, FIRST_WEEK)
    alice.meals.earliest("eaten_at").portions.filter(edible__name="Toast").update(amount=9)
    bring(alice, CORRECTED, choices=Choices(replace_changed=True))
    assert ("Toast", Decimal(2), "slice") in eaten(alice)


def test_changed_row_is_no_difference_to_the_same_file(alice: User) -> None:
    bring(alice, FIRST_WEEK)
    alice.meals.earliest("eaten_at").portions.filter(edible__name="Toast").update(amount=9)
    assert bring(alice, FIRST_WEEK).changed == []


def test_changed_rating_is_named_and_stays(alice: User) -> None:
    bring(alice, MOODS, "daylio", tired=2)
    entry = alice.entries.latest("recorded_at")
    entry.notes = "Long day"
    entry.save()
    plan = bring(alice, MOODS, "daylio", tired=3)
    assert [(each.file, each.diary) for each in plan.changed] == [("Okay", "Bad")]
    bring(alice, MOODS, "daylio", tired=3, choices=Choices(replace_changed=True))
    assert alice.entries.latest("recorded_at").option.value == 3


def test_meal_saved_from_its_page_is_recognised(alice: User) -> None:
    bring(alice, FIRST_WEEK)
    meal = alice.meals.earliest("eaten_at")
    portions = [NewPortion(each.edible.name, each.amount, each.unit) for each in meal.eaten]
    save_meal(
        owner=alice,
        category="BREAKFAST",
        title="By the sea",
        eaten_at=meal.eaten_at,
        portions=[*portions, NewPortion("Tea")],
        meal=meal,
    )
    assert bring(alice, FIRST_WEEK) == Plan()
    assert bring(alice, CORRECTED).updated == 1


def test_deleted_rows_stay_deleted_and_are_named(alice: User) -> None:
    bring(alice, FIRST_WEEK)
    alice.meals.earliest("eaten_at").delete()
    alice.edibles.get(name="Toast").delete()
    plan = bring(alice, CORRECTED)
    assert plan == Plan()
    assert [each.name for each in plan.deleted] == ["Eggs, Cooked", "Toast"]
    assert (alice.meals.count(), alice.edibles.count()) == (1, 1)


def test_deleted_rows_come_back_when_wanted(alice: User) -> None:
    bring(alice, FIRST_WEEK)
    bring(alice, MOODS, "daylio", tired=2)
    alice.meals.all().delete()
    alice.edibles.all().delete()
    alice.entries.all().delete()
    again = Choices(restore_deleted=True)
    bring(alice, FIRST_WEEK, choices=again)
    bring(alice, MOODS, "daylio", tired=2, choices=again)
    assert (len(eaten(alice)), alice.entries.count()) == (3, 2)
    assert bring(alice, FIRST_WEEK) == bring(alice, MOODS, "daylio", tired=2) == Plan()


def test_new_file_with_the_old_name_lands_on_the_renamed_food(alice: User) -> None:
    bring(alice, FIRST_WEEK)
    rename(alice, "Eggs, Cooked", "Eggs")
    bring(alice, SERVINGS + '2026-12-01,8:00,Breakfast,"EGGS, cooked",1 large,70\n')
    assert alice.edibles.count() == 2


def test_real_food_comes_before_a_former_name(alice: User) -> None:
    bring(alice, FIRST_WEEK)
    rename(alice, "Eggs, Cooked", "Eggs")
    cooked = EdibleFactory.create(owner=alice, name="Eggs, Cooked")
    bring(alice, SERVINGS + '2026-12-01,8:00,Breakfast,"Eggs, Cooked",1 large,70\n')
    assert cooked.portions.count() == 1


def test_names_before_and_after_renaming_are_one_food(alice: User) -> None:
    EdibleFactory.create(owner=alice, name="Old")
    rename(alice, "Old", "New")
    text = SERVINGS + "2026-12-01,8:00,Breakfast,Old,1 g,\n2026-12-01,8:00,Breakfast,New,2 g,\n"
    bring(alice, text)
    assert [name for name, *_size in eaten(alice)] == ["New", "New"]
    assert bring(alice, text) == Plan()


def test_renamed_category_takes_the_next_moods(alice: User) -> None:
    bring(alice, MOODS, "daylio", tired=2)
    category = alice.categories.get()
    category.name = "Wie es mir geht"
    steps = [Step(each.pk, f"Stufe {each.value}", each.value, "", each.order) for each in category.options.all()]
    save_category(category=category, steps=steps)
    assert bring(alice, MOODS, "daylio", tired=2) == Plan()
    bring(alice, MOODS.replace("2026-11-03", "2026-12-03"), "daylio", tired=2)
    assert (alice.categories.count(), alice.entries.count()) == (1, 4)


def test_rows_imported_before_keys_existed_are_recognised(alice: User) -> None:
    bring(alice, FIRST_WEEK)
    bring(alice, MOODS, "daylio", tired=2)
    ImportedRow.objects.all().delete()
    assert bring(alice, FIRST_WEEK).counted() == "3 rows recognised, 0 updated, 0 new."
    assert bring(alice, MOODS, "daylio", tired=2) == Plan()
    rename(alice, "Eggs, Cooked", "Eggs")  # from then on by their keys
    User.objects.update(time_zone="Asia/Tokyo")
    assert bring(alice, NEXT_WEEK).counted() == "3 rows recognised, 1 updated, 1 new."


def test_two_like_rows_of_a_file_stay_two(alice: User) -> None:
    text = FIRST_WEEK + "2026-11-04,8:00 AM,Breakfast,Toast,1 slice,\n" * 2
    bring(alice, text)
    assert alice.meals.latest("eaten_at").portions.count() == 3
    assert bring(alice, text) == Plan()


def test_import_says_what_it_did_and_whose_file(alice: User) -> None:
    bring(alice, FIRST_WEEK)
    bring(alice, NEXT_WEEK)
    second, first = Import.objects.filter(owner=alice)
    assert (first.meals, first.portions, first.edibles, first.recognised) == (2, 3, 2, 0)
    assert (second.meals, second.portions, second.updated, second.recognised) == (1, 1, 1, 3)
    assert first.file_name == "export.csv"


def test_import_that_does_nothing_is_not_listed(alice: User) -> None:
    bring(alice, FIRST_WEEK)
    bring(alice, FIRST_WEEK)
    assert Import.objects.count() == 1


def test_own_archive_is_recognised_after_renames_and_edits(alice: User) -> None:
    bring(alice, FIRST_WEEK)
    bring(alice, MOODS, "daylio", tired=2)
    archive = b"".join(exported(alice))
    alice.meals.all().delete()
    alice.edibles.all().delete()
    alice.categories.all()
    alice.entries.all().delete()
    ImportedRow.objects.all().delete()
    bring(alice, archive, "foodmood")
    rename(alice, "Eggs, Cooked", "Eggs")
    alice.meals.filter(portions__edible__name="Toast").update(title="Moved", eaten_at="2026-10-01T00:00Z", notes="!")
    alice.entries.update(notes="Changed")
    category = alice.categories.get()
    category.name = "How I am"
    save_category(category=category, steps=[])
    User.objects.update(time_zone="Asia/Tokyo")
    plan = bring(alice, archive, "foodmood")
    assert plan == Plan()
    assert plan.recognised == 5


def test_fresh_archive_of_a_changed_diary_changes_nothing(alice: User) -> None:
    rice = EdibleFactory.create(owner=alice, name="Rice")
    entry = EntryFactory.create(option__category__owner=alice, recorded_at="2026-10-01T08:00Z")
    noon, later = datetime(2026, 10, 1, 12, tzinfo=UTC), datetime(2026, 10, 1, 13, tzinfo=UTC)
    meal = MealFactory.create(owner=alice, category="LUNCH", title="", eaten_at=noon)
    PortionFactory.create(meal=meal, edible=rice, amount=100, unit="g")
    bring(alice, b"".join(exported(alice)), "foodmood")
    alice.meals.update(eaten_at=later)
    alice.entries.update(recorded_at="2026-10-01T09:00Z")
    EntryFactory.create(option=entry.option, recorded_at="2026-10-01T08:00Z")
    another = MealFactory.create(owner=alice, category="LUNCH", title="", eaten_at=noon)
    PortionFactory.create(meal=another, edible=rice, amount=250, unit="g")
    archive = b"".join(exported(alice))
    plan = bring(alice, archive, "foodmood")
    assert plan.counted() == "4 rows recognised, 0 updated, 0 new."
    assert b"".join(exported(alice)) == archive


def test_meals_that_join_one_meal_share_its_limit(alice: User, settings: Settings) -> None:
    rows = [f"2026-11-03,{hour}:00,Breakfast,Food {hour},1 g,1" for hour in (7, 9)]
    bring(alice, SERVINGS + "\n".join(rows))
    first, second = alice.meals.order_by("eaten_at")
    second.portions.update(meal=first)
    settings.DIARY_QUOTAS = settings.DIARY_QUOTAS | {"portions_of_meal": 3}
    rows += [f"2026-11-03,{hour}:05,Breakfast,More {hour},1 g,1" for hour in (7, 9)]
    with pytest.raises(MergeConflictError, match="up to 3 foods"):
        bring(alice, SERVINGS + "\n".join(rows), add=False)


def test_removed_notes_and_steps_stay_removed(alice: User) -> None:
    archive = b"".join(exported(alice))
    assert archive
    edible = EdibleFactory.create(owner=alice, name="Latte", notes="Large")
    EdibleFactory.create(owner=alice, name="Milk")
    save_edible(edible=edible, added=["Milk"])
    archive = b"".join(exported(alice))
    alice.edibles.all().delete()
    bring(alice, archive, "foodmood")
    latte = alice.edibles.get(name="Latte")
    latte.notes = ""
    save_edible(edible=latte, removed=list(latte.ingredients.all()))
    assert bring(alice, archive, "foodmood") == Plan()
    latte.delete()
    assert bring(alice, archive, "foodmood") == Plan()


def test_strangers_rows_are_never_recognised(alice: User, bob: User) -> None:
    bring(bob, FIRST_WEEK)
    assert bring(alice, FIRST_WEEK).new == 3
    assert bob.meals.count() == alice.meals.count() == 2


def with_everything(owner: User) -> bytes:
    """A diary that came in as an archive: returns the archive."""
    milk = EdibleFactory.create(owner=owner, name="Milk")
    latte = EdibleFactory.create(owner=owner, name="Latte", notes="Large")
    save_edible(edible=latte, added=["Milk"])
    meal = MealFactory.create(owner=owner, category="LUNCH", title="Bar", notes="Outside", eaten_at="2026-10-01T12:00Z")
    PortionFactory.create(meal=meal, edible=latte)
    PortionFactory.create(meal=meal, edible=milk)
    EntryFactory.create(option__category__owner=owner, recorded_at="2026-10-01T13:00Z")
    archive = b"".join(exported(owner))
    empty(owner)
    bring(owner, archive, "foodmood")
    return archive


def empty(owner: User) -> None:
    for rows in (owner.meals, owner.entries, owner.categories):
        rows.all().delete()
    Ingredient.objects.all().delete()
    owner.edibles.all().delete()


def test_deleted_diary_stays_deleted(alice: User) -> None:
    archive = with_everything(alice)
    empty(alice)
    plan = bring(alice, archive, "foodmood")
    assert (plan.new, len(plan.deleted)) == (0, 3)
    assert not alice.meals.exists()
    assert not alice.edibles.exists()


def test_deleted_diary_comes_back_when_wanted(alice: User) -> None:
    archive = with_everything(alice)
    empty(alice)
    bring(alice, archive, "foodmood", choices=Choices(restore_deleted=True))
    assert b"".join(exported(alice)) == archive


def test_corrected_note_reaches_an_untouched_meal(alice: User) -> None:
    archive = with_everything(alice)
    bring(alice, archive.replace(b"Outside", b"Inside"), "foodmood")
    assert alice.meals.get().notes == "Inside"


def test_corrected_note_leaves_a_changed_meal(alice: User) -> None:
    archive = with_everything(alice)
    alice.meals.update(notes="My own")
    corrected = archive.replace(b"Outside", b"Inside")
    plan = bring(alice, corrected, "foodmood")
    assert [(each.file, each.diary) for each in plan.changed] == [("Inside", "My own")]
    bring(alice, corrected, "foodmood", choices=Choices(replace_changed=True))
    assert alice.meals.get().notes == "Inside"


def test_command_names_what_was_left_alone(alice: User, tmp_path: Path) -> None:
    rows = [f"2026-11-{day:02},8:00,Breakfast,Soup,1 g,1" for day in range(1, 26)]
    text = SERVINGS + "\n".join(rows)
    bring(alice, text)
    alice.meals.all().delete()
    file, said = tmp_path / "servings.csv", StringIO()
    file.write_text(text)
    call_command("import_diary", str(file), user=alice.email, format="cronometer", stdout=said)
    assert "25 deleted from the diary, left out (--restore-deleted does otherwise)" in said.getvalue()
    assert "and 5 more" in said.getvalue()
    call_command(
        "import_diary", str(file), user=alice.email, format="cronometer", restore_deleted=True, stdout=StringIO()
    )
    assert alice.meals.count() == 25
