from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.requests import PersonRequest
from apps.edibles.actions import EdibleInUseError, delete_edible
from apps.edibles.expansion import surroundings
from apps.edibles.forms import DuplicateForm, EdibleForm
from apps.edibles.models import EATEN, NAME_LENGTH, Edible
from apps.edibles.search import INSIDE, found_edibles
from foodmood.paging import nearest_page
from foodmood.requests import posted
from foodmood.returning import came_from, here
from foodmood.submissions.once import once

MEALS_PER_PAGE = 10


@require_safe
def list_(request: PersonRequest) -> HttpResponse:
    query = searched(request)
    found = found_edibles(request.user, query) if query else request.user.edibles.in_order()
    page = nearest_page(found, request.GET.get("page"))
    # Only the rows of this page are counted, however long the diary is.
    # Without the other columns: SQLite would sort every portion with the notes of its food.
    counted = request.user.edibles.only("owner").with_times_eaten().in_bulk([edible.pk for edible in page])
    rows = [(edible, counted.get(edible.pk)) for edible in page]
    kept = f"{urlencode({'q': query})}&" if query else ""
    context = {"query": query, "page": page, "rows": rows, "inside": INSIDE, "kept": kept, "here": here(request)}
    live = request.htmx and not request.htmx.history_restore_request
    return render(request, "edibles/rows.html" if live else "edibles/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def new(request: PersonRequest) -> HttpResponse:
    suggested = {"name": request.GET.get("name", "")}  # what was looked for and not found
    form = EdibleForm(posted(request), instance=Edible(owner=request.user), initial=suggested)
    if wants_to_save(request) and form.is_valid() and form.write():
        messages.success(request, _("“%(name)s” is in your diary.") % {"name": form.instance})
        return redirect("edibles:edible", form.instance.pk)
    heading, back = _("New edible"), reverse("edibles:list")
    return show_form(request, form, heading=heading, back=back)


@require_safe
def edible(request: PersonRequest, pk: int) -> HttpResponse:
    edible = get_object_or_404(request.user.edibles, pk=pk)
    meals = request.user.meals.with_edible(edible)
    page = nearest_page(meals.with_portions(), request.GET.get("page"), per_page=MEALS_PER_PAGE)
    context = {
        "edible": edible,
        "around": surroundings(edible),
        "page": page,
        "back": came_from(request) or reverse("edibles:list"),
        "kept": f"{urlencode({'next': came_from(request)})}&" if came_from(request) else "",
        "here": here(request),
        "last_eaten": meals.aggregate(last=Max("eaten_at"))["last"],
        "times_within": page.paginator.count - request.user.edibles.filter(pk=pk).times_eaten(),
        "duplicate": DuplicateForm(edible=edible),
    }
    return render(request, "edibles/edible.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def edit(request: PersonRequest, pk: int) -> HttpResponse:
    edible = get_object_or_404(request.user.edibles, pk=pk)
    heading, back = edible.name, came_from(request) or reverse("edibles:edible", args=[pk])
    form = EdibleForm(posted(request), instance=edible)
    if wants_to_save(request) and form.is_valid() and form.write():
        messages.success(request, _("Saved. Past meals show it too."))
        return redirect(back)
    return show_form(request, form, heading=heading, back=back)


@require_POST
@once
def duplicate(request: PersonRequest, pk: int) -> HttpResponse:
    edible = get_object_or_404(request.user.edibles, pk=pk)
    form = DuplicateForm(request.POST, edible=edible)
    if form.is_valid() and (copy := form.write()):
        messages.success(request, _("This is the new one. Change what changed; the old one stays as it was."))
        return redirect("edibles:edit", copy.pk)
    return render(request, "edibles/duplicate.html", {"edible": edible, "form": form}, status=422)


@require_POST
def delete(request: PersonRequest, pk: int) -> HttpResponse:
    edible = get_object_or_404(request.user.edibles, pk=pk)
    try:
        delete_edible(edible=edible)
    except EdibleInUseError:
        messages.error(request, why_it_stays(edible))
        return redirect("edibles:edible", pk)
    messages.success(request, _("“%(name)s” is deleted.") % {"name": edible})
    return redirect(came_from(request) or "edibles:list")


def searched(request: HttpRequest) -> str:
    """What is looked for, without what no name holds."""
    return " ".join(request.GET.get("q", "").replace("\0", "").split())[:NAME_LENGTH]


def wants_to_save(request: HttpRequest) -> bool:
    """The other button of the form asks for more empty lines."""
    return request.method == "POST" and "more" not in request.POST


def show_form(request: HttpRequest, form: EdibleForm, *, heading: str, back: str) -> HttpResponse:
    refused = wants_to_save(request)
    if "more" in request.POST:
        form = form.with_more_lines()
    context = {"form": form, "heading": heading, "back": back}
    return render(request, "edibles/form.html", context, status=422 if refused else 200)


def why_it_stays(edible: Edible) -> str:
    """Names the container or the meals that would lose it, with the way there."""
    container = edible.used_in.first()
    if container is not None:
        return format_html(
            _('“{name}” is an ingredient of <a href="{url}">{container}</a>. Take it out there first.'),
            name=edible,
            url=reverse("edibles:edible", args=[container.pk]),
            container=container,
        )
    if not edible.portions.filter(EATEN).exists():  # with an amount of 0, so the list of meals leaves it out
        return format_html(
            _('“{name}” is noted in <a href="{url}">a meal</a>. Take it out there first.'),
            name=edible,
            url=reverse("meals:meal", args=[edible.portions.values_list("meal", flat=True)[0]]),
        )
    return format_html(
        _(
            '“{name}” was eaten in <a href="{url}">your meals</a>, which would lose it. Rename it instead, or take it'
            " out of them first."
        ),
        name=edible,
        url=f"{reverse('meals:list')}?edible={edible.pk}",
    )
