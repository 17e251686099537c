from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.quotas import QuotaError
from apps.accounts.requests import PersonRequest
from apps.edibles.models import NAME_LENGTH
from apps.edibles.search import INSIDE
from apps.journal import actions
from apps.journal.forms import CheckInForm
from apps.journal.timeline import page_of, timeline
from apps.meals.forms import MealForm, new_meal_at
from apps.meals.suggestions import suggest_edibles
from apps.wellbeing.actions import OptionGoneError
from apps.wellbeing.starter import create_starter_categories
from foodmood.days import EARLIEST, LATEST
from foodmood.fields import NameField
from foodmood.names import fold
from foodmood.submissions.once import once
from foodmood.text import shortened

_NAME = NameField(max_length=NAME_LENGTH)


@require_safe
def today(request: PersonRequest) -> HttpResponse:
    return _page(request, timezone.localdate())


@require_safe
def day(request: PersonRequest, day: date) -> HttpResponse:
    return _page(request, day)


@require_safe
def jump(request: PersonRequest) -> HttpResponse:
    """The date field's form leads here; its day has an address of its own."""
    typed = request.GET.get("date", "").strip()
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        day = date.min
    if EARLIEST.date() <= day < LATEST.date():
        return redirect("day", day)
    if typed:
        said = _(
            "Date: “%(typed)s” is no day of this diary. Write one from 1900-01-01 to 2099-12-31, such as 2026-03-01."
        )
        messages.error(request, said % {"typed": shortened(typed, 20)})
    return redirect("today")


@require_POST
@once
def log_meal(request: PersonRequest, day: date) -> HttpResponse:
    form = _meal_form(day, request.POST)
    if not form.is_valid():
        return _refused(request, day, "journal/meal_form.html", meal_form=form)
    meal = form.write(owner=request.user)
    if meal is None:
        return _refused(request, day, "journal/meal_form.html", meal_form=form)
    said = _("Logged: %(what)s") % {"what": meal}
    return _logged(request, day, said, meal.eaten_at, "journal/meal_form.html")


@require_POST
@once
def check_in(request: PersonRequest, day: date) -> HttpResponse:
    form = _check_in_form(request, day, request.POST)
    if not form.is_valid():
        return _refused(request, day, "journal/check_in_form.html", check_in_form=form)
    try:
        entries = actions.check_in(owner=request.user, **form.cleaned_data)
    except OptionGoneError:
        form = _check_in_form(request, day, request.POST)  # now it does not find it either, and says so
        return _refused(request, day, "journal/check_in_form.html", check_in_form=form)
    except QuotaError as error:
        form.add_error(None, str(error))
        return _refused(request, day, "journal/check_in_form.html", check_in_form=form)
    said = _("Noted: %(what)s") % {"what": ", ".join(f"{entry.option.category}: {entry.option}" for entry in entries)}
    fresh = _check_in_form(request, day)
    return _logged(request, day, said, entries[0].recorded_at, "journal/check_in_form.html", check_in_form=fresh)


@require_safe
def suggest(request: PersonRequest) -> HttpResponse:
    query = request.GET.get("q", "")
    try:
        name = _NAME.clean(query) if query.strip() else ""
    except ValidationError:
        return render(request, "journal/suggestions.html")
    edibles = suggest_edibles(owner=request.user, query=name)
    is_new = bool(name) and not any(edible.key == fold(name) for edible in edibles)
    context = {"edibles": edibles, "new": name if is_new else "", "typed": name, "inside": INSIDE}
    return render(request, "journal/suggestions.html", context)


@require_POST
def add_starter_categories(request: PersonRequest) -> HttpResponse:
    try:
        create_starter_categories(owner=request.user)
    except QuotaError as error:
        messages.error(request, str(error))
    return redirect("today")


def _page(request: PersonRequest, day: date, status: int = 200, **forms: Any) -> HttpResponse:
    context = {
        "yesterday": timezone.localdate() - timedelta(days=1),
        "previous": day - timedelta(days=1) if day > EARLIEST.date() else None,
        "next": day + timedelta(days=1) if day + timedelta(days=1) < LATEST.date() else None,
        "timeline": page_of(timeline(owner=request.user, day=day), number=request.GET.get("page")),
        "check_in_form": forms.get("check_in_form") or _check_in_form(request, day),
    }
    return render(request, "journal/today.html", _of_day(day) | forms | context, status=status)


def _refused(request: PersonRequest, day: date, fragment: str, **forms: Any) -> HttpResponse:
    if request.htmx:
        return render(request, fragment, _of_day(day) | forms, status=422)
    return _page(request, day, status=422, **forms)


def _logged(request: PersonRequest, day: date, said: str, at: datetime, fragment: str, **forms: Any) -> HttpResponse:
    logged_on = timezone.localdate(at)
    if logged_on != day:  # it will not be seen on this page's timeline
        said = _("%(said)s, on %(day)s") % {"said": said, "day": date_format(logged_on)}
    if not request.htmx:
        messages.success(request, said)
        return redirect("today") if day == timezone.localdate() else redirect("day", day)
    context = {
        "fragment": fragment,
        "said": said,
        "logged_at": at,
        "timeline": page_of(timeline(owner=request.user, day=day), shown=at),
    }
    return render(request, "journal/logged.html", _of_day(day) | forms | context)


def _of_day(day: date) -> dict[str, Any]:
    """What every page and fragment of it shows. The blank form is made only when it is shown anew."""
    return {
        "day": day,
        "today": timezone.localdate(),
        "usual_time": _usual_time(day),
        "blank_meal_form": partial(_meal_form, day),
    }


def _meal_form(day: date, data: Any = None) -> MealForm:
    return MealForm(data, initial=new_meal_at(_usual_time(day)), auto_id="meal-%s")


def _check_in_form(request: PersonRequest, day: date, data: Any = None) -> CheckInForm:
    part = request.POST.get("part") or request.GET.get("part")
    initial = {"recorded_at": _usual_time(day)}
    return CheckInForm(data, owner=request.user, part=part, initial=initial, auto_id="check-in-%s")


def _usual_time(day: date) -> datetime:
    """Now on today's page, noon on another day's."""
    if day == timezone.localdate():
        return timezone.localtime().replace(second=0, microsecond=0)
    return datetime.combine(day, time(12), tzinfo=timezone.get_current_timezone())
