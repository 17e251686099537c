from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import User
from apps.edibles.models import Edible
from apps.meals.models import Meal, Portion
from apps.wellbeing.models import Entry
from foodmood.clock import to_type
from tests.factories import CategoryFactory, EntryFactory, MealFactory, OptionFactory, PortionFactory

pytestmark = pytest.mark.django_db


def test_a_stranger_is_sent_to_log_in(client: Client) -> None:
    assert client.get("/").headers["Location"] == "/accounts/login/?next=/"


def test_a_days_page_is_private_too(client: Client) -> None:
    assert client.get("/day/2026-03-01/").headers["Location"] == "/accounts/login/?next=/day/2026-03-01/"


def test_todays_page_shows_what_was_eaten_today(alices: Client, alice: User) -> None:
    PortionFactory.create(meal__owner=alice, meal__eaten_at=timezone.now(), edible__name="Oats")
    assert "Oats" in alices.get("/").content.decode()


def test_a_blank_page_says_what_belongs_on_it(alices: Client) -> None:
    assert "This page is still blank" in alices.get("/").content.decode()


def test_a_blank_day_of_the_past_invites_to_catch_up(alices: Client) -> None:
    assert "Nothing was logged on this day" in alices.get("/day/2026-03-01/").content.decode()


def test_meals_and_feelings_stand_in_the_order_of_the_day(alices: Client, alice: User) -> None:
    at = datetime(2026, 3, 1, 8, tzinfo=UTC)
    PortionFactory.create(meal__owner=alice, meal__eaten_at=at + timedelta(hours=4), edible__name="Soup")
    EntryFactory.create(option__category__owner=alice, option__label="Awake", recorded_at=at + timedelta(hours=2))
    PortionFactory.create(meal__owner=alice, meal__eaten_at=at, edible__name="Oats")
    timeline = alices.get("/day/2026-03-01/").content.decode().split('id="timeline"')[1]
    assert timeline.index("Oats") < timeline.index("Awake") < timeline.index("Soup")


def test_a_day_is_the_persons_own(alices: Client, alice: User) -> None:
    # 23:30 in London is already tomorrow in Berlin.
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    PortionFactory.create(meal__owner=alice, meal__eaten_at=late, edible__name="Midnight toast")
    assert "Midnight toast" not in alices.get("/day/2026-03-01/").content.decode()
    assert "Midnight toast" in alices.get("/day/2026-03-02/").content.decode()


def test_ratings_of_one_time_stand_together(alices: Client, alice: User) -> None:
    for _ in range(2):
        EntryFactory.create(option__category__owner=alice)
    assert alices.get("/day/2026-03-01/").content.decode().count("<time ") == 1


def test_a_rating_leads_to_its_page(alices: Client, alice: User) -> None:
    entry = EntryFactory.create(option__category__owner=alice)
    page = alices.get("/day/2026-03-01/").content.decode()
    assert f'href="/wellbeing/entries/{entry.pk}/?next=/day/2026-03-01/"' in page


def test_a_meal_shows_its_amounts_as_people_write_them(alices: Client, alice: User) -> None:
    PortionFactory.create(meal__owner=alice, amount="1.500", unit="cups")
    assert "1.5 cups" in alices.get("/day/2026-03-01/").content.decode()


def test_a_stranger_sees_nothing_of_it(bobs: Client, alice: User) -> None:
    PortionFactory.create(meal__owner=alice, edible__name="Alice’s secret cake")
    EntryFactory.create(option__category__owner=alice, option__label="Alice’s mood")
    page = bobs.get("/day/2026-03-01/").content.decode()
    assert "Alice’s" not in page


def test_a_days_page_leads_to_its_neighbours(alices: Client) -> None:
    page = alices.get("/day/2026-03-01/").content.decode()
    assert 'href="/day/2026-02-28/"' in page
    assert 'href="/day/2026-03-02/"' in page


@pytest.mark.parametrize("day", ["1900-01-01", "2099-12-31"])
def test_the_first_and_the_last_day_have_a_page(alices: Client, day: str) -> None:
    assert alices.get(f"/day/{day}/").status_code == 200


@pytest.mark.parametrize(
    "day", ["1899-12-31", "2100-01-01", "2026-02-30", "2026-13-01", "0001-01-01", "today", "٢٠٢٦-٠٣-٠١"]
)
def test_what_is_no_day_of_a_life_is_no_page(alices: Client, day: str) -> None:
    assert alices.get(f"/day/{day}/").status_code == 404


@pytest.mark.parametrize("zone", ["Pacific/Apia", "America/St_Johns", "Pacific/Kiritimati"])
def test_days_that_a_zone_skipped_or_cut_have_a_page(alices: Client, alice: User, zone: str) -> None:
    User.objects.update(time_zone=zone)
    for day in ("2011-12-30", "2026-03-08", "1900-01-01", "2099-12-31"):
        assert alices.get(f"/day/{day}/").status_code == 200


def test_a_meal_at_the_edge_of_time_breaks_no_page(alices: Client, alice: User) -> None:
    User.objects.update(time_zone="Pacific/Kiritimati")
    meal = MealFactory.create(owner=alice, eaten_at=datetime(2099, 12, 31, 23, 59, tzinfo=UTC))
    assert alices.get("/meals/").status_code == 200
    assert alices.get(f"/meals/{meal.pk}/").status_code == 200


def test_the_date_field_leads_to_its_day(alices: Client) -> None:
    assert alices.get("/day/", {"date": "2026-03-01"}).headers["Location"] == "/day/2026-03-01/"


@pytest.mark.parametrize(
    "date", ["soon", "9999-01-01", "1899-12-31", "2026-02-30", "2026-02-30" * 100, "\0", "٢٠٢٦-٠٣-٠١"]
)
def test_what_is_no_day_leads_to_today_with_a_word_on_it(alices: Client, date: str) -> None:
    response = alices.get("/day/", {"date": date}, follow=True)
    assert response.redirect_chain == [("/", 302)]
    assert "is no day of this diary. Write one from 1900-01-01 to 2099-12-31" in response.content.decode()


@pytest.mark.parametrize("address", ["/day/", "/day/?date=", "/day/?date=+"])
def test_no_date_at_all_means_today(alices: Client, address: str) -> None:
    assert alices.get(address).headers["Location"] == "/"
    assert not alices.get("/").context["messages"]


@pytest.mark.parametrize("path", ["/", "/day/2026-03-01/", "/day/", "/log/suggest/"])
def test_pages_are_read_only(alices: Client, path: str) -> None:
    assert alices.post(path).status_code == 405


def test_another_days_page_begins_at_noon(alices: Client) -> None:
    assert 'value="12:00 pm"' in alices.get("/day/2026-03-01/").content.decode()


def test_todays_page_begins_now(alices: Client, alice: User) -> None:
    before = timezone.localtime(timezone=alice.zone)
    page = alices.get("/").content.decode()
    after = timezone.localtime(timezone=alice.zone)
    assert any(f'value="{to_type(now)}"' in page for now in (before, after))


def test_a_long_day_takes_no_more_queries(alices: Client, alice: User) -> None:
    fill_a_day(alice, 10)
    with CaptureQueriesContext(connection) as few:
        alices.get("/day/2026-03-01/")
    fill_a_day(alice, 1000)
    with CaptureQueriesContext(connection) as many:
        assert alices.get("/day/2026-03-01/").status_code == 200
    assert len(many) == len(few)


def fill_a_day(owner: User, number: int) -> None:
    start = datetime(2026, 3, 1, 5, tzinfo=UTC)
    option = OptionFactory.create(category=CategoryFactory.create(owner=owner))
    meals = Meal.objects.bulk_create(
        Meal(owner=owner, category="SNACK", eaten_at=start + timedelta(minutes=n)) for n in range(number)
    )
    edibles = Edible.objects.bulk_create(Edible(owner=owner, name=f"Edible {number} {n}") for n in range(number))
    Portion.objects.bulk_create(
        Portion(owner=owner, meal=meal, edible=edible) for meal, edible in zip(meals, edibles, strict=True)
    )
    Entry.objects.bulk_create(
        Entry(owner=owner, category=option.category, option=option, recorded_at=start + timedelta(minutes=n))
        for n in range(number)
    )
