from datetime import timedelta

import pytest
from django.conf import settings as site
from django.core.management import call_command
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.brokers import get_broker
from django_q.models import OrmQ, Schedule
from django_q.scheduler import scheduler
from pytest_django import Settings

from foodmood.schedules import run_soon, update_schedules
from tests.at_once import at_once

pytestmark = pytest.mark.django_db


def planned() -> dict[str | None, tuple[str, int | None]]:
    return {each.name: (each.func, each.minutes) for each in Schedule.objects.all()}


def test_a_release_brings_the_schedules_of_the_settings() -> None:
    call_command("release", verbosity=0)
    wanted = site.SCHEDULES.items()
    assert planned() == {name: (each["func"], each.get("minutes", 24 * 60)) for name, each in wanted}


@pytest.mark.parametrize("name", site.SCHEDULES)
def test_every_schedule_names_a_function_that_is_there(name: str) -> None:
    assert callable(import_string(site.SCHEDULES[name]["func"]))


def test_a_further_release_changes_nothing() -> None:
    update_schedules()
    before = list(Schedule.objects.order_by("pk").values())
    update_schedules()
    assert list(Schedule.objects.order_by("pk").values()) == before


def test_a_release_does_not_put_off_the_next_run(settings: Settings) -> None:
    at = timezone.now().replace(second=0, microsecond=0)
    settings.SCHEDULES = {
        "often": {"func": "a.b", "minutes": 24 * 60},
        "daily": {"func": "a.c", "at": at.strftime("%H:%M")},
    }
    update_schedules()
    for planned_at in (at - timedelta(days=1), at, at + timedelta(days=1)):
        Schedule.objects.update(next_run=planned_at)
        update_schedules()
        assert set(Schedule.objects.values_list("next_run", flat=True)) == {planned_at}


def test_a_release_takes_back_what_a_clock_that_was_ahead_has_planned(settings: Settings) -> None:
    at = timezone.now().strftime("%H:%M")
    settings.SCHEDULES = {"often": {"func": "a.b", "minutes": 60}, "daily": {"func": "a.c", "at": at}}
    update_schedules()
    for schedule in Schedule.objects.all():
        Schedule.objects.filter(pk=schedule.pk).update(next_run=schedule.next_run + timedelta(days=400))
    update_schedules()
    assert all(each.next_run <= timezone.now() + timedelta(days=1) for each in Schedule.objects.all())


@pytest.mark.parametrize("hours", [-2, 2])
def test_what_is_daily_runs_at_its_hour_for_the_first_time_and_each_day_after(settings: Settings, hours: int) -> None:
    at = (timezone.now() + timedelta(hours=hours)).replace(second=0, microsecond=0)
    settings.SCHEDULES = {"daily": {"func": "time.time", "at": at.strftime("%H:%M")}}
    update_schedules()
    daily = Schedule.objects.get()
    first = at if hours > 0 else at + timedelta(days=1)
    assert daily.next_run == first
    assert daily.calculate_next_run(daily.next_run) == first + timedelta(days=1)


def test_what_is_done_each_week_waits_for_a_day_and_so_for_what_is_daily(settings: Settings) -> None:
    settings.SCHEDULES = {"drill": {"func": "a.b", "minutes": 7 * 24 * 60}, "often": {"func": "a.c", "minutes": 5}}
    before = timezone.now()
    update_schedules()
    drill, often = (Schedule.objects.get(name=name).next_run for name in ("drill", "often"))
    assert drill >= before + timedelta(days=1)
    assert often <= timezone.now() + timedelta(minutes=5)


@pytest.mark.django_db(transaction=True)
def test_what_may_take_longer_is_given_the_time(settings: Settings) -> None:
    settings.SCHEDULES = {"long": {"func": "time.time", "minutes": 1, "timeout": 3600}}
    update_schedules()
    run_soon("time.time")
    scheduler(get_broker())
    assert OrmQ.objects.get().task["timeout"] == 3600


@pytest.mark.django_db(transaction=True)
def test_what_is_wanted_soon_runs_once_however_often_it_is_wanted(settings: Settings) -> None:
    settings.SCHEDULES = {"a": {"func": "time.time", "minutes": 60}}
    update_schedules()
    scheduler(get_broker())
    assert not OrmQ.objects.exists()
    for _ in range(3):
        run_soon("time.time")
    scheduler(get_broker())
    assert OrmQ.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_several_workers_one_brings_what_is_due(settings: Settings) -> None:
    settings.SCHEDULES = {"a": {"func": "time.time", "minutes": 60}}
    update_schedules()
    run_soon("time.time")
    assert at_once([lambda: scheduler(get_broker())] * 4) == [None] * 4
    assert OrmQ.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", site.SCHEDULES)
def test_every_task_may_be_run_twice_and_at_once(name: str) -> None:
    task = import_string(site.SCHEDULES[name]["func"])
    assert at_once([task] * 2) == [None, None]
    task()


def test_what_is_declared_otherwise_becomes_so_and_what_is_no_more_goes(settings: Settings) -> None:
    settings.SCHEDULES = {"a": {"func": "a.b", "minutes": 1}, "c": {"func": "c.d", "minutes": 2}}
    update_schedules()
    settings.SCHEDULES = {"a": {"func": "a.e", "minutes": 3}}
    update_schedules()
    assert planned() == {"a": ("a.e", 3)}
