from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.reminders import remind, to_be_reminded
from apps.meals.models import Meal
from apps.wellbeing.models import Entry
from foodmood.days import day_bounds
from foodmood.mail import mail_is_sent


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
        zone = ZoneInfo(name)
        today = now.astimezone(zone).date()
        start, end = day_bounds(today, zone)
        ate = Meal.objects.filter(owner=OuterRef("pk"), eaten_at__gte=start, eaten_at__lt=end)
        felt = Entry.objects.filter(owner=OuterRef("pk"), recorded_at__gte=start, recorded_at__lt=end)
        for person in to_be_reminded(name, now).filter(~Exists(ate), ~Exists(felt)):
            sent += remind(person, today)
    return sent
