from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.archive.model import Archive, Category, Edible, Entry, Meal, Option, Portion
from apps.archive.reader import read_archive
from apps.insights.engine import Eaten
from apps.insights.sources import diary_from, diary_of
from apps.portability.exports import exported
from tests.factories import CategoryFactory, EntryFactory, OptionFactory, PortionFactory
from tests.insights.diaries import demo, keep

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOON_HOURS = NOON.timestamp() / 3600


def archive(*, amount: Decimal | None = None, at: datetime = NOON, timezone: str = "UTC") -> Archive:
    return Archive(
        timezone=timezone,
        edibles=(Edible("Latte", ("Milk",)), Edible("Milk")),
        meals=(Meal("SNACK", at, (Portion("Latte", amount),)),),
        categories=(Category("Mood", (Option("Low", 2),)),),
        entries=(Entry("Mood", "Low", at),),
    )


def test_an_archive_tells_what_contains_what() -> None:
    assert diary_from(archive()).ingredients == {"Latte": ("Milk",)}


@pytest.mark.parametrize("amount", [None, Decimal("0.001"), Decimal(2)])
def test_a_portion_was_eaten_with_any_amount_or_none(amount: Decimal | None) -> None:
    assert diary_from(archive(amount=amount)).eaten == (Eaten(NOON_HOURS, "Latte"),)


def test_an_amount_of_zero_was_not_eaten() -> None:
    assert not diary_from(archive(amount=Decimal(0))).eaten


def test_an_entry_counts_with_its_options_value_on_the_persons_own_day_and_hour() -> None:
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    (rated,) = diary_from(archive(at=late, timezone="Europe/Berlin")).outcomes[0].ratings
    assert (rated.value, rated.day, rated.hour) == (2.0, datetime(2026, 3, 2).toordinal(), 0.5)  # noqa: DTZ001 -- a date


def test_the_hour_that_autumn_repeats_is_two_moments_at_one_hour() -> None:
    moments = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]
    entries = tuple(Entry("Mood", "Low", moment) for moment in moments)
    first, second = diary_from(replace(archive(timezone="Europe/Berlin"), entries=entries)).outcomes[0].ratings
    assert first.hour == second.hour == 2.5
    assert second.at - first.at == 1


@pytest.mark.django_db
def test_rows_and_their_export_are_the_same_diary(alice: User) -> None:
    keep(alice, demo(days=20))
    PortionFactory.create(meal__owner=alice, amount=0)
    assert diary_of(alice) == diary_from(read_archive(b"".join(exported(alice))))


@pytest.mark.parametrize(
    ("category", "within"), [("BREAKFAST", 3), ("LUNCH", 3), ("DINNER", 3), ("SNACK", 6), ("DRINK", 6)]
)
def test_a_guessed_time_may_be_wrong_by_hours(category: str, within: int) -> None:
    meal = Meal(category, NOON, (Portion("Latte"),), time_guessed=True)
    entry = Entry("Mood", "Low", NOON, time_guessed=True)
    diary = diary_from(replace(archive(), meals=(meal,), entries=(entry,)))
    assert [portion.within for portion in diary.eaten] == [within]
    assert [rated.within for rated in diary.outcomes[0].ratings] == [4]


@pytest.mark.django_db
def test_guessed_times_are_the_same_from_rows(alice: User) -> None:
    days = demo(days=10)
    guess = replace(
        days,
        meals=tuple(replace(meal, time_guessed=True) for meal in days.meals),
        entries=tuple(replace(entry, time_guessed=number % 2 == 0) for number, entry in enumerate(days.entries)),
    )
    keep(alice, guess)
    diary = diary_of(alice)
    assert diary == diary_from(read_archive(b"".join(exported(alice))))
    assert {portion.within for portion in diary.eaten} == {3, 6}
    assert {rated.within for outcome in diary.outcomes for rated in outcome.ratings} == {0, 4}


@pytest.mark.django_db
def test_an_archived_category_counts(alice: User) -> None:
    category = CategoryFactory.create(owner=alice, name="Mood", is_active=False)
    EntryFactory.create(option=OptionFactory.create(category=category))
    assert [(outcome.category, len(outcome.ratings)) for outcome in diary_of(alice).outcomes] == [("Mood", 1)]


@pytest.mark.django_db
def test_somebody_elses_rows_are_no_part_of_it(alice: User, bob: User) -> None:
    keep(bob, demo(days=3))
    diary = diary_of(alice)
    assert (diary.eaten, diary.outcomes, diary.ingredients) == ((), (), {})


@pytest.mark.django_db
@pytest.mark.parametrize("days", [1, 100])
def test_a_long_diary_takes_as_many_queries_as_a_short_one(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries, days: int
) -> None:
    keep(alice, demo(days))
    with django_assert_num_queries(4):
        diary_of(alice)
