from datetime import timedelta

import pytest
from django.conf import settings as site
from django.core.management import call_command
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import Schedule
from pytest_django import Settings

from foodmood.schedules import update_schedules

pytestmark = pytest.mark.django_db


def planned() -> dict[str | None, tuple[str, int | None]]:
    return {each.name: (each.func, each.minutes) for each in Schedule.objects.all()}


def test_a_release_brings_the_schedules_of_the_settings() -> None:
    call_command("release", verbosity=0)
    assert planned() == {name: (each["func"], each["minutes"]) for name, each in site.SCHEDULES.items()}


@pytest.mark.parametrize("name", site.SCHEDULES)
def test_every_schedule_names_a_function_that_is_there(name: str) -> None:
    assert callable(import_string(site.SCHEDULES[name]["func"]))


def test_a_further_release_changes_nothing() -> None:
    update_schedules()
    before = list(Schedule.objects.order_by("pk").values())
    update_schedules()
    assert list(Schedule.objects.order_by("pk").values()) == before


def test_a_release_does_not_put_off_the_next_run() -> None:
    update_schedules()
    soon = timezone.now() + timedelta(minutes=5)
    Schedule.objects.update(next_run=soon)
    update_schedules()
    assert set(Schedule.objects.values_list("next_run", flat=True)) == {soon}


def test_what_is_declared_otherwise_becomes_so_and_what_is_no_more_goes(settings: Settings) -> None:
    settings.SCHEDULES = {"a": {"func": "a.b", "minutes": 1}, "c": {"func": "c.d", "minutes": 2}}
    update_schedules()
    settings.SCHEDULES = {"a": {"func": "a.e", "minutes": 3}}
    update_schedules()
    assert planned() == {"a": ("a.e", 3)}
