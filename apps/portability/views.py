from datetime import date

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from apps.accounts.requests import PersonRequest
from apps.archive.writer import write_archive
from apps.portability.actions import import_archive
from apps.portability.exports import archive_of
from apps.portability.forms import ImportForm, mood_selects
from apps.portability.merging import MergeConflictError, Plan, plan_import
from apps.portability.tables import tables_of


@require_safe
def index(request: PersonRequest) -> HttpResponse:
    form = ImportForm(owner=request.user)
    return render(request, "portability/index.html", {"form": form})


@require_safe
def export(request: PersonRequest) -> HttpResponse:
    name = f"foodmood-{timezone.localdate():%Y-%m-%d}.json"
    return HttpResponse(
        write_archive(archive_of(request.user)),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_safe
def export_tables(request: PersonRequest) -> StreamingHttpResponse:
    name = f"foodmood-{timezone.localdate():%Y-%m-%d}.zip"
    return StreamingHttpResponse(
        tables_of(request.user),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_POST
def import_file(request: PersonRequest) -> HttpResponse:
    """Shows what the file would add; adds it when the person says so and nothing is left to ask."""
    form = ImportForm(request.POST, request.FILES, owner=request.user)
    plan = None
    if form.is_valid() and form.found and form.found.reading:
        wanted = "import" in request.POST
        act = import_archive if wanted else plan_import
        try:
            plan = act(owner=request.user, archive=form.found.reading.archive, restore=form.found.restores)
        except MergeConflictError as error:
            form.add_error(None, str(error))
        else:
            if wanted:
                messages.success(request, _summary(plan))
                where = _newest_day(form.found.reading.report.last_day)
                return HttpResponseClientRedirect(where) if request.htmx else redirect(where)
    context = {
        "form": form,
        "found": form.found,
        "plan": plan,
        "moods": mood_selects(form.found.moods) if form.found and form.found.moods else [],
    }
    template = "portability/_preview.html" if request.htmx else "portability/index.html"
    return render(request, template, context, status=200 if form.is_valid() else 422)


def _summary(plan: Plan) -> str:
    if plan.is_empty:
        return _("Everything in the file was in your diary already: nothing was added.")
    return _("Imported: %(what)s.") % {"what": ", ".join(plan.described())}


def _newest_day(day: date | None) -> str:
    """Where what was imported can be seen."""
    return reverse("day", args=[day]) if day else reverse("today")
