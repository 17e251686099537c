import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.usersessions.middleware import UserSessionsMiddleware
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils import timezone, translation
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from foodmood.client_ip import client_ip
from foodmood.sessions import STARTED


def own_time_zone(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: times are read and shown in the signed-in person's own zone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        zone = request.user.zone if request.user.is_authenticated else None
        with timezone.override(zone):
            return get_response(request)

    return middleware


def own_language(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: pages speak the language that the signed-in person has chosen, whatever the browser prefers."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return get_response(request)
        with translation.override(request.user.language):
            request.LANGUAGE_CODE = translation.get_language()
            response = get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
            return response

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


class LastSeen(UserSessionsMiddleware):  # type: ignore[misc] # allauth is published without types
    """Notes for the list of sessions when and from where each was used: not for every request, but every five minutes
    and whenever the address changes. What was noted last is in the session, which is read anyway.
    """

    KEY, SECONDS = "last_seen", 5 * 60

    def __call__(self, request: HttpRequest) -> HttpResponse:
        respond = super().__call__ if self._is_news(request) else self.get_response
        answer: HttpResponse = respond(request)
        return answer

    def _is_news(self, request: HttpRequest) -> bool:
        if not request.user.is_authenticated:
            return False
        where, now = [request.session.session_key, client_ip(request)], int(time.time())
        *noted, at = request.session.get(self.KEY) or [0]
        if noted == where and now - at < self.SECONDS:
            return False
        request.session[self.KEY] = [*where, now]
        request.session.setdefault(STARTED, now)  # of a session that is older than this rule
        return True


def page_of(htmx: HtmxDetails) -> str | None:
    """The page of ours that the fragment is for, if the header names one."""
    try:
        return htmx.current_url_abs_path
    except ValueError:  # no address at all, such as http://[
        return None
