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
from apps.portability.apart import BusyError
from apps.portability.exports import archive_of
from apps.portability.forms import ImportForm, mood_selects
from apps.portability.tables import tables_of
from apps.portability.taking import Summary


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
    add = "import" in request.POST
    busy = False
    if form.is_valid():
        try:
            form.take(add=add)
        except BusyError:
            form.add_error(None, _("Another large file is being read just now. Try again in a minute."))
            busy = True
    taken = form.taken
    if add and taken and taken.summary and taken.report:
        messages.success(request, _said(taken.summary))
        where = _newest_day(taken.report.last_day)
        return HttpResponseClientRedirect(where) if request.htmx else redirect(where)
    context = {"form": form, "taken": taken, "moods": mood_selects(taken.moods) if taken and taken.moods else []}
    template = "portability/_preview.html" if request.htmx else "portability/index.html"
    # A fragment that was answered with 503 would be taken for an outage, of which another notice tells.
    answer = render(
        request, template, context, status=503 if busy and not request.htmx else 422 if form.errors else 200
    )
    if busy:
        answer.headers["Retry-After"] = "60"
    return answer


def _said(summary: Summary) -> str:
    if summary.is_empty:
        return _("Everything in the file was in your diary already: nothing was added.")
    return _("Imported: %(what)s.") % {"what": ", ".join(summary.described)}


def _newest_day(day: date | None) -> str:
    """Where what was imported can be seen."""
    return reverse("day", args=[day]) if day else reverse("today")
