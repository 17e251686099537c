"""Explicit consent to storing health data: given at sign-up, or by existing accounts at their next visit, and recorded.

It is withdrawn by deleting the account. A new TEXT needs a new VERSION; everybody is asked again then.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from apps.accounts.middleware import page_of
from apps.accounts.models import User
from apps.accounts.requests import PersonRequest
from foodmood.requests import posted
from foodmood.returning import came_from

VERSION = "2026-12-01"
TEXT = _(
    "I agree that FoodMood stores what I write about my food, my wellbeing and my health, to keep my diary and to"
    " compute insights from it. I can withdraw this at any time by deleting my account."
)
# What shows or takes a diary. Privacy, the account, exports and its deletion stay open without consent.
DIARY = ("apps.journal.", "apps.meals.", "apps.edibles.", "apps.wellbeing.", "apps.insights.")


class ConsentField(forms.BooleanField):
    """A box that has to be ticked."""

    def __init__(self) -> None:
        super().__init__(
            label=TEXT,
            error_messages={"required": _("Tick this box: without your consent FoodMood can’t keep a diary for you.")},
        )


class ConsentForm(forms.Form):
    consent = ConsentField()


def agree(person: User) -> None:
    person.consented_at, person.consent_version = timezone.now(), VERSION
    person.save(update_fields=["consented_at", "consent_version"])


def has_agreed(person: User | AnonymousUser) -> bool:
    return person.is_authenticated and person.consent_version == VERSION


@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: PersonRequest) -> HttpResponse:
    form = ConsentForm(posted(request))
    if form.is_valid():
        agree(request.user)
        return redirect(came_from(request) or "today")
    return render(request, "accounts/consent.html", {"form": form}, status=422 if form.is_bound else 200)


class ConsentFirst:
    """Middleware: leads a signed-in person who has not agreed yet from pages of the diary to the question.

    A form that was open before is still saved, so that nothing typed is lost; the next page asks.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        if not request.user.is_authenticated or has_agreed(request.user) or not _keeps_diary(request, view):
            return None
        page = page_of(request.htmx) if request.htmx else _page_asked_for(request)
        where = f"{reverse('accounts:consent')}?{urlencode({'next': page or reverse('today')}, safe='/')}"
        return HttpResponseClientRedirect(where) if request.htmx else redirect(where)


def _page_asked_for(request: HttpRequest) -> str:
    """The address that opens after the answer; an import's takes forms only, so its page opens instead."""
    return request.get_full_path() if request.method in {"GET", "HEAD"} else reverse("portability:index")


def _keeps_diary(request: HttpRequest, view: Any) -> bool:
    is_import = request.resolver_match is not None and request.resolver_match.view_name == "portability:import"
    return is_import or (request.method in {"GET", "HEAD"} and view.__module__.startswith(DIARY))
