from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.quotas import QuotaError
from apps.accounts.requests import PersonRequest
from apps.edibles.models import Edible
from apps.meals.actions import EmptyMealError, delete_meal, repeat_meal
from apps.meals.forms import MealForm, initial_of
from apps.meals.models import Meal
from foodmood.days import by_local_day
from foodmood.fields import NameField
from foodmood.paging import nearest_page
from foodmood.requests import posted
from foodmood.returning import came_from, here
from foodmood.submissions.once import once

PER_PAGE = 30
_QUERY = NameField(max_length=200, required=False)


@require_safe
def list_(request: PersonRequest) -> HttpResponse:
    meals = request.user.meals.with_portions()
    edible = _edible_asked_for(request)
    if edible:
        meals = meals.with_edible(edible)
    query = request.GET.get("q", "")
    try:
        query = _QUERY.clean(query)
    except ValidationError:
        meals = meals.none()  # nothing is called that
    if query:
        meals = meals.matching(query, owner=request.user)
    page = nearest_page(meals, request.GET.get("page"), per_page=PER_PAGE)
    kept = ({"q": query} if query else {}) | ({"edible": edible.pk} if edible else {})
    context = {
        "page": page,
        "days": by_local_day(page, lambda meal: meal.eaten_at),
        "query": query,
        "edible": edible,
        "kept": f"{urlencode(kept)}&" if kept else "",
        "here": here(request),
    }
    return render(request, "meals/list.html", context)


def _edible_asked_for(request: PersonRequest) -> Edible | None:
    if not request.GET.get("edible"):
        return None
    try:
        pk = int(request.GET["edible"])
    except ValueError as error:
        raise Http404 from error
    return get_object_or_404(request.user.edibles, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def meal(request: PersonRequest, pk: int) -> HttpResponse:
    meal = get_object_or_404(request.user.meals.with_portions(), pk=pk)
    form = MealForm(posted(request), initial=initial_of(meal))
    if form.is_valid() and form.write(owner=request.user, meal=meal):
        messages.success(request, _("The meal is saved."))
        return redirect(came_from(request) or day_of(meal))
    context = {"meal": meal, "form": form, "back": came_from(request) or day_of(meal)}
    return render(request, "meals/meal.html", context, status=422 if form.is_bound else 200)


@require_POST
def delete(request: PersonRequest, pk: int) -> HttpResponse:
    meal = get_object_or_404(request.user.meals, pk=pk)
    delete_meal(meal=meal)
    messages.success(request, _("The meal is deleted."))
    return redirect(came_from(request) or day_of(meal))


def day_of(meal: Meal) -> str:
    return reverse("day", args=[timezone.localdate(meal.eaten_at)])


@require_POST
@once
def again(request: PersonRequest, pk: int) -> HttpResponse:
    meal = get_object_or_404(request.user.meals.select_related("owner"), pk=pk)
    try:
        repeated = repeat_meal(meal=meal, eaten_at=timezone.now().replace(second=0, microsecond=0))
    except EmptyMealError:
        messages.error(request, _("Nothing is noted in this meal, so there is nothing to log again. Fill it in first."))
        return redirect("meals:meal", pk)
    except QuotaError as error:
        messages.error(request, str(error))
        return redirect("meals:meal", pk)
    messages.success(request, _("“%(meal)s” is logged again, for now.") % {"meal": repeated})
    return redirect("today")
