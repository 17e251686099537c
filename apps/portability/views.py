from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from tempfile import SpooledTemporaryFile
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Page
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from apps.accounts.confirming import confirmed_first
from apps.accounts.requests import PersonRequest
from apps.portability.apart import BusyError
from apps.portability.exports import exported
from apps.portability.forms import ImportForm, mood_selects
from apps.portability.models import Import
from apps.portability.tables import tables_of
from apps.portability.taking import MOST_TOLD, Summary
from apps.portability.undo import plan_undo, undo_import
from foodmood.audit.models import Event, record
from foodmood.paging import nearest_page

IMPORTS_PER_PAGE = 10


@require_safe
def index(request: PersonRequest) -> HttpResponse:
    form = ImportForm(owner=request.user)
    return render(request, "portability/index.html", {"form": form, "page": _imports(request)})


def _imports(request: PersonRequest) -> "Page[Import]":
    return nearest_page(request.user.imports.all(), request.GET.get("page"), per_page=IMPORTS_PER_PAGE)


@require_safe
@confirmed_first("portability:index")
def export(request: PersonRequest) -> FileResponse:
    record(Event.EXPORTED, request=request, person=request.user.pk, detail="archive")
    return _download(exported(request.user), "json", "application/json")


@require_safe
@confirmed_first("portability:index")
def export_tables(request: PersonRequest) -> FileResponse:
    record(Event.EXPORTED, request=request, person=request.user.pk, detail="tables")
    return _download(tables_of(request.user), "zip", "application/zip")


def _download(pieces: Iterator[bytes], suffix: str, content_type: str) -> FileResponse:
    """Written first, then sent: no file of ours is half a file.

    Sent as it is written it would hold a transaction and a connection for as long as the slowest client takes, and
    what fails in the middle would end a download that has begun with a 200. What is large waits on the disk in a file
    without a name, as uploads do: memory holds a piece, and the file is gone when it is closed, however that happens.
    """
    name = f"foodmood-{timezone.localdate():%Y-%m-%d}.{suffix}"
    with ExitStack() as unless_sent:
        file = unless_sent.enter_context(
            SpooledTemporaryFile(settings.FILE_UPLOAD_MAX_MEMORY_SIZE, dir=settings.FILE_UPLOAD_TEMP_DIR)
        )
        for piece in pieces:
            file.write(piece)  # writelines() would keep all of them in memory
        file.seek(0)
        unless_sent.pop_all()
        return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)


@require_POST
@confirmed_first("portability:index")
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
        record(Event.IMPORTED, request=request, person=request.user.pk, detail=form.cleaned_data["kind"])
        messages.success(request, _said(taken.summary))
        where = _newest_day(taken.report.last_day)
        return HttpResponseClientRedirect(where) if request.htmx else redirect(where)
    context: dict[str, Any] = {
        "form": form,
        "taken": taken,
        "moods": mood_selects(taken.moods) if taken and taken.moods else [],
    }
    if not request.htmx:
        context["page"] = _imports(request)
    template = "portability/_preview.html" if request.htmx else "portability/index.html"
    # A fragment that was answered with 503 would be taken for an outage, of which another notice tells.
    answer = render(
        request, template, context, status=503 if busy and not request.htmx else 422 if form.errors else 200
    )
    if busy:
        answer.headers["Retry-After"] = "60"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: PersonRequest, pk: int) -> HttpResponse:
    """Names what would go and what stays; removes it when the person says so."""
    imported = get_object_or_404(request.user.imports, pk=pk)
    if request.method != "POST":
        plan = plan_undo(imported)
        stays = {"stays": plan.stays[:MOST_TOLD], "more": max(len(plan.stays) - MOST_TOLD, 0)}
        return render(request, "portability/undo.html", {"imported": imported, "described": plan.described()} | stays)
    plan = undo_import(imported)
    if described := plan.described():
        messages.success(request, _("Removed: %(what)s.") % {"what": ", ".join(described)})
    else:
        messages.info(request, _("There was nothing left to remove."))
    return redirect("portability:index")


def _said(summary: Summary) -> str:
    if summary.is_empty and not (summary.changed or summary.deleted):
        return _("Everything in the file was in your diary already: nothing was added.")
    if summary.described:
        return _("Imported: %(what)s. %(rows)s") % {"what": ", ".join(summary.described), "rows": summary.counted}
    return summary.counted


def _newest_day(day: date | None) -> str:
    """Where what was imported can be seen."""
    return reverse("day", args=[day]) if day else reverse("today")
