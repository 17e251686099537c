from collections.abc import Iterable
from datetime import date

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.quotas import QuotaError
from apps.accounts.requests import PersonRequest
from apps.wellbeing import actions
from apps.wellbeing.charts import recent_charts
from apps.wellbeing.forms import CategoryForm, EntryForm, OptionFormSet, write_category
from apps.wellbeing.models import Category, Entry
from apps.wellbeing.starter import create_starter_categories, missing_starters
from foodmood.days import by_local_day
from foodmood.paging import nearest_page
from foodmood.requests import posted
from foodmood.returning import came_from, here
from foodmood.submissions.once import once

MOST_CHARTS = 12  # of the categories in use; the others have theirs when they are chosen
CATEGORIES_PER_PAGE = 20


@require_safe
def history(request: PersonRequest) -> HttpResponse:
    categories = list(request.user.categories.all())
    chosen = chosen_category(request, categories)
    entries = request.user.entries.select_related("category", "option")
    page = nearest_page(entries.filter(category=chosen) if chosen else entries, request.GET.get("page"))
    active = [category for category in categories if category.is_active]
    drawn = [chosen] if chosen else active[:MOST_CHARTS]
    prefetch_related_objects(drawn, "options")
    context = {
        "categories": categories,
        "chosen": chosen,
        "more_charts": not chosen and len(active) > MOST_CHARTS,
        "charts": recent_charts(request.user, drawn),
        "days": by_local_day(page, lambda entry: entry.recorded_at),
        "page": page,
        "kept": f"category={chosen.pk}&" if chosen else "",
        "here": here(request),
    }
    return render(request, "wellbeing/history.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: PersonRequest, pk: int) -> HttpResponse:
    entry = get_object_or_404(request.user.entries.select_related("category"), pk=pk)
    form = EntryForm(posted(request), instance=entry)
    if request.method == "POST" and form.is_valid() and form.write():
        messages.success(request, _("Saved."))
        return redirect(came_from(request) or "wellbeing:history")
    context = {
        "form": form,
        "category": entry.category,
        "pk": pk,
        "back": came_from(request) or reverse("wellbeing:history"),
    }
    return render(request, "wellbeing/entry.html", context, status=422 if form.is_bound else 200)


@require_POST
def delete_entry(request: PersonRequest, pk: int) -> HttpResponse:
    entry = get_object_or_404(request.user.entries, pk=pk)
    actions.delete_entry(entry=entry)
    messages.success(request, _("The entry is deleted."))
    return redirect(came_from(request) or "wellbeing:history")


@require_safe
def categories(request: PersonRequest) -> HttpResponse:
    categories = request.user.categories.order_by("-is_active", "pk")
    page = nearest_page(categories, request.GET.get("page"), per_page=CATEGORIES_PER_PAGE)
    counted = request.user.categories.with_options().with_entry_counts()
    rows = list(counted.filter(pk__in=[category.pk for category in page]))
    context = {
        "active": [category for category in rows if category.is_active],
        "archived": [category for category in rows if not category.is_active],
        "page": page,
        "starters": missing_starters(request.user),
    }
    return render(request, "wellbeing/categories.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def new_category(request: PersonRequest) -> HttpResponse:
    return edit_category(request, Category(owner=request.user), heading=_("New category"))


@require_http_methods(["GET", "HEAD", "POST"])
@once
def category(request: PersonRequest, pk: int) -> HttpResponse:
    category = get_object_or_404(request.user.categories, pk=pk)
    return edit_category(request, category, heading=category.name)


@require_POST
def add_starters(request: PersonRequest) -> HttpResponse:
    try:
        added = create_starter_categories(owner=request.user)
    except QuotaError as error:
        messages.error(request, str(error))
        return redirect("wellbeing:categories")
    names = ", ".join(category.name for category in added)
    messages.success(request, _("Added: %(names)s.") % {"names": names} if added else _("You have them all already."))
    return redirect("wellbeing:categories")


@require_POST
def archive(request: PersonRequest, pk: int) -> HttpResponse:
    category = get_object_or_404(request.user.categories, pk=pk)
    actions.set_active(category=category, is_active=False)
    messages.success(request, _("“%(name)s” is archived. Its entries stay, and it can come back.") % {"name": category})
    return redirect("wellbeing:categories")


@require_POST
def restore(request: PersonRequest, pk: int) -> HttpResponse:
    category = get_object_or_404(request.user.categories, pk=pk)
    try:
        actions.set_active(category=category, is_active=True)
    except QuotaError as error:
        messages.error(request, str(error))
        return redirect("wellbeing:categories")
    messages.success(request, _("“%(name)s” is back.") % {"name": category})
    return redirect("wellbeing:categories")


@require_POST
def delete_category(request: PersonRequest, pk: int) -> HttpResponse:
    category = get_object_or_404(request.user.categories, pk=pk)
    try:
        actions.delete_category(category=category)
    except actions.CategoryInUseError:
        messages.error(request, _("“%(name)s” has entries, so it can be archived only.") % {"name": category})
    else:
        messages.success(request, _("“%(name)s” is deleted.") % {"name": category})
    return redirect("wellbeing:categories")


def edit_category(request: PersonRequest, category: Category, *, heading: str) -> HttpResponse:
    form = CategoryForm(posted(request), instance=category)
    options = OptionFormSet(posted(request), category=category)
    if request.method == "POST" and write_category(form, options):
        messages.success(request, _("“%(name)s” is saved.") % {"name": category})
        return redirect("wellbeing:categories")
    context = {"form": form, "options": options, "heading": heading}
    return render(request, "wellbeing/category.html", context, status=422 if form.is_bound else 200)


def chosen_category(request: PersonRequest, categories: Iterable[Category]) -> Category | None:
    """The one to show alone, or None for all. Somebody else's is not found, nor is garbage."""
    wanted = request.GET.get("category", "")
    if not wanted:
        return None
    for category in categories:
        if str(category.pk) == wanted:
            return category
    raise Http404


def local_day(entry: Entry) -> date:
    return timezone.localdate(entry.recorded_at)
