"""Whoever wants to be reminded says at which hour. The mail's own link ends that, without a log-in."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from apps.accounts.models import User

SALT = "reminder"
BETWEEN = timedelta(minutes=10)  # two looks, and a while in which the worker has other things to do
TOO_LATE = timedelta(hours=2)  # after a longer outage, a reminder would come at an hour that nobody chose


def to_be_reminded(zone: str, now: datetime) -> QuerySet[User]:
    """Who lives in this time zone, and should have had today's reminder in the last two hours, but had none."""
    local = now.astimezone(ZoneInfo(zone))
    earliest = local - TOO_LATE
    since = earliest.time() if earliest.date() == local.date() else time.min
    verified = EmailAddress.objects.filter(user=OuterRef("pk"), email=OuterRef("email"), verified=True)
    people = User.objects.filter(Exists(verified), time_zone=zone, is_active=True)
    until = time.max if (local + BETWEEN).date() != local.date() else local.time()  # the next look is tomorrow's
    return people.filter(remind_at__range=(since, until)).exclude(reminded_on=local.date())


@transaction.atomic
def remind(person: User, today: date) -> bool:
    """Sends today's reminder, unless it was sent already. The mail is queued with the note of it, or neither is."""
    unsent = User.objects.filter(pk=person.pk).exclude(reminded_on=today)
    if not unsent.update(reminded_on=today):
        return False
    context = {"user": person, "today_url": settings.SITE_URL + reverse("today"), "off_url": off_link(person)}
    get_adapter().send_mail("account/email/reminder", person.email, context)
    return True


def off_link(person: User) -> str:
    token = signing.dumps(person.pk, salt=SALT)
    return f"{settings.SITE_URL}{reverse('accounts:reminders_off', args=[token])}"


@csrf_exempt  # mail programs press it for their people (RFC 8058); who has the link may do no more than this
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def off(request: HttpRequest, token: str) -> HttpResponse:
    """Asks on GET, because scanners of mail open every link."""
    request.user = AnonymousUser()  # whose reminders they are the link says, whoever is signed in here
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise Http404 from error
    person = get_object_or_404(User, pk=pk)
    if request.method == "POST":
        person.remind_at = None
        person.save(update_fields=["remind_at"])
    return render(request, "accounts/reminders_off.html", {"is_off": person.remind_at is None})
