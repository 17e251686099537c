import logging
from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from django.db import Error
from django.db.models import Exists, OuterRef
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.reminders import remind, to_be_reminded
from apps.meals.models import Meal
from apps.wellbeing.models import Entry
from foodmood.days import day_bounds
from foodmood.mail import mail_is_sent
from foodmood.outage import is_outage
from foodmood.telemetry.people import hash_of

logger = logging.getLogger(__name__)


def send_reminders() -> int:
    """Remind who wants it at this hour and has written down nothing today; how many.

    Safe to run again, late, or twice at once. One query for each time zone of those who want it: the hour is theirs.
    """
    if not mail_is_sent():
        return 0
    now = timezone.now()
    zones = User.objects.filter(remind_at__isnull=False).order_by().values_list("time_zone", flat=True).distinct()
    sent = 0
    for name in zones:
        with _stopping_nobody_else("Nobody in the time zone %s can be reminded.", name):
            zone = ZoneInfo(name)
            today = now.astimezone(zone).date()
            start, end = day_bounds(today, zone)
            ate = Meal.objects.filter(owner=OuterRef("pk"), eaten_at__gte=start, eaten_at__lt=end)
            felt = Entry.objects.filter(owner=OuterRef("pk"), recorded_at__gte=start, recorded_at__lt=end)
            for person in to_be_reminded(name, now).filter(~Exists(ate), ~Exists(felt)):
                with _stopping_nobody_else("Somebody can't be reminded.", user=hash_of(person.pk)):
                    sent += remind(person, today)
    return sent


@contextmanager
def _stopping_nobody_else(message: str, *args: str, **known: str) -> Iterator[None]:
    """A failure within is a line of the log. An outage is everybody's: it ends all, and the worker tries again."""
    try:
        yield
    except Exception as error:  # whatever is the matter with one person's diary, the others wait for theirs
        if isinstance(error, Error) and is_outage(error):
            raise
        logger.exception(message, *args, extra=known)
