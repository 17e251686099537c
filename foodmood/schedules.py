from django.conf import settings
from django.db import transaction
from django_q.models import Schedule


@transaction.atomic
def update_schedules() -> None:
    """Make the worker's schedules those of settings.SCHEDULES, and no others. Safe to run again.

    A schedule that stays keeps its next run: a daily one would never come up if each deployment began its day anew.
    """
    kept = []
    for name, wanted in settings.SCHEDULES.items():
        values = {
            "func": wanted["func"],
            "schedule_type": Schedule.MINUTES,
            "minutes": wanted["minutes"],
            "repeats": -1,
        }
        schedule = Schedule.objects.filter(name=name).first() or Schedule(name=name)
        for field, value in values.items():
            setattr(schedule, field, value)
        schedule.save()
        kept.append(schedule.pk)
    Schedule.objects.exclude(pk__in=kept).delete()
