"""Asking a signed-in person once more who they are, by password or second factor, before their diary goes in or out."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from apps.accounts.requests import PersonRequest

View = Callable[..., HttpResponseBase]


def has_confirmed(request: HttpRequest) -> bool:
    """Whether the person has shown in the last ten minutes who they are."""
    return bool(did_recently_reauthenticate(request))


def confirm_link(back: str) -> str:
    """Where the person shows who they are; from there it goes on to the page named `back`."""
    return f"{reverse('account_reauthenticate')}?{urlencode({'next': reverse(back)}, safe='/')}"


def confirmed_first(back: str) -> Callable[[View], View]:
    """Decorator: leads who has not confirmed lately to do so, then to `back`.

    Not to the view itself, as allauth does: an upload can't be sent again, and after a download the browser would
    still show the form for the password.
    """

    def decorator(view: View) -> View:
        @wraps(view)
        def wrapped(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if has_confirmed(request):
                return view(request, *args, **kwargs)
            where = confirm_link(back)
            return HttpResponseClientRedirect(where) if request.htmx else redirect(where)

        return wrapped

    return decorator
