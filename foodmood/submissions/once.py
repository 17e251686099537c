"""A form that arrives twice acts once: by a double tap, or because no answer came (docs/adr/0022)."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRefresh

from foodmood.submissions.models import Submission

FIELD = "submission"  # which `{% submission %}` puts into a form: a new one each time that it is shown

View = Callable[..., HttpResponse]


class SentBeforeError(Exception):
    """The same form has done its work already."""


def once(view: View) -> View:
    """A view whose form does its work once, however often it is sent. One that was refused may be sent again.

    The note that it is done is written with the work, in one transaction: either both are there or neither. It is
    written first, so that of two at one moment the second waits for what becomes of the first.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.POST.get(FIELD):
            return view(request, *args, **kwargs)  # an old page, or somebody's script
        key = _key(request)
        try:
            with transaction.atomic():
                submission = _note(request, key)
                response = view(request, *args, **kwargs)
                if not _is_done(request, response):
                    transaction.set_rollback(True)
                elif isinstance(response, HttpResponseRedirectBase):
                    Submission.objects.filter(pk=submission.pk).update(led_to=response.url)
        except SentBeforeError:
            return _answer_again(request, key)
        return response

    return answer


def _note(request: HttpRequest, key: str) -> Submission:
    try:
        return Submission.objects.create(owner_id=request.user.pk, key=key)  # type: ignore[misc] # somebody is signed in
    except IntegrityError as error:
        raise SentBeforeError from error


def _key(request: HttpRequest) -> str:
    """Of all that was sent and where to: a page that is gone back to, and filled in anew, is another form."""
    fields = sorted(item for item in request.POST.lists() if item[0] != "csrfmiddlewaretoken")
    sent = json.dumps([request.path, fields])
    return salted_hmac("foodmood.submissions", sent, algorithm="sha256").hexdigest()


def _is_done(request: HttpRequest, response: HttpResponse) -> bool:
    """A page in answer to a form asks for something more; a redirect, or a fragment for htmx, says that it is done."""
    if isinstance(response, HttpResponseRedirectBase):
        return True
    return bool(request.headers.get("HX-Request")) and response.status_code == 200  # noqa: PLR2004 -- OK


def _answer_again(request: HttpRequest, key: str) -> HttpResponse:
    before = Submission.objects.get(owner_id=request.user.pk, key=key)
    messages.success(request, _("This came twice and is saved once."))
    if request.headers.get("HX-Request"):
        return HttpResponseClientRefresh()
    return redirect(before.led_to or "today")
