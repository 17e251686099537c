from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_q.models import Schedule

DAY = timedelta(days=1)


@transaction.atomic
def update_schedules() -> None:
    """Make the worker's schedules those of settings.SCHEDULES, and no others. Safe to run again.

    A schedule that stays keeps its next run: a daily one would never come up if each deployment began its day anew. A
    new one waits for its time, a day at most: a drill comes after the first backup.
    """
    kept = []
    for name, wanted in settings.SCHEDULES.items():
        schedule = Schedule.objects.filter(name=name).first() or Schedule(name=name, next_run=timezone.now() + DAY)
        schedule.func = wanted["func"]
        schedule.schedule_type, schedule.repeats = Schedule.MINUTES, -1
        schedule.kwargs = repr({"q_options": {"timeout": wanted["timeout"]}}) if "timeout" in wanted else None
        schedule.minutes = wanted.get("minutes", DAY // timedelta(minutes=1))
        schedule.next_run = _next_run(wanted, schedule.next_run)
        schedule.save()
        kept.append(schedule.pk)
    Schedule.objects.exclude(pk__in=kept).delete()


def run_soon(func: str) -> None:
    """Wakes the worker for what is scheduled anyway: any number of calls make one run, at once.

    Nothing waits in a queue for it, so nothing piles up where no worker runs, and no request needs Redis.
    """
    Schedule.objects.filter(func=func).update(next_run=timezone.now())


def _next_run(wanted: dict[str, Any], planned: datetime) -> datetime:
    """Of what was planned, what a clock that was ahead has put too far away is not kept."""
    now = timezone.now()
    if "at" not in wanted:
        return min(planned, now + timedelta(minutes=wanted["minutes"]))
    at = time.fromisoformat(wanted["at"])
    if planned.time() == at and planned <= now + DAY:
        return planned
    today = now.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return today if today > now else today + DAY
