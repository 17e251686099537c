from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails


def own_time_zone(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: times are read and shown in the signed-in person's own zone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        zone = request.user.zone if request.user.is_authenticated else None
        with timezone.override(zone):
            return get_response(request)

    return middleware


class LogInFirst(LoginRequiredMiddleware):
    """Leads who is not signed in to the log-in page, and from there back to a page: never to a form's address,
    which can't be opened, nor to a fragment, which htmx would put into the page.
    """

    def handle_no_permission(  # type: ignore[override] # Django's type names the one answer that it gives itself
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponseBase:
        htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined] # set by HtmxMiddleware
        page = None
        if htmx:
            page = page_of(htmx)
        elif request.method in {"GET", "HEAD"}:
            page = request.get_full_path()
        login = resolve_url(self.get_login_url(view_func))
        where = f"{login}?{urlencode({'next': page}, safe='/')}" if page else login
        return HttpResponseClientRedirect(where) if htmx else redirect(where)


def page_of(htmx: HtmxDetails) -> str | None:
    """The page of ours that the fragment is for, if the header names one."""
    try:
        return htmx.current_url_abs_path
    except ValueError:  # no address at all, such as http://[
        return None
