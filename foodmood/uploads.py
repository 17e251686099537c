"""How much a request may bring: judged by what it announces, before any of it is read."""

from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFieldsSent
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import defaults

from foodmood.hosts import unknown_host


class WithinLimit(FileUploadHandler):
    """Refuses a body that holds more than the largest file and a form around it, and leaves the rest to the others.

    A form is read before it is known who sends it, and its files go to the disk: without this, anybody could fill it.
    """

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any) -> None:  # noqa: N803 -- Django's name
        if content_length > settings.IMPORT_MAX_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400: what is too large, or comes for another host, gets a page of its own."""
    if isinstance(exception, DisallowedHost):
        return unknown_host(request)
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", {"most": settings.IMPORT_MAX_BYTES}, status=413)
    if isinstance(exception, TooManyFieldsSent):
        return render(request, "413.html", {"fields": settings.DATA_UPLOAD_MAX_NUMBER_FIELDS}, status=413)
    return defaults.bad_request(request, exception)
