"""Diaries are health data: no cache on the way, nor the browser's, may keep a page."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

SIGNED_OUT = "_signed_out"


def never_cached(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: every page says `private, no-store`, and a log-out empties the browser.

    Static files are answered before it.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        patch_cache_control(response, private=True, no_store=True)
        if hasattr(request, SIGNED_OUT):
            # Not "cookies": that would forget the language and which devices are known, on every subdomain too.
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    return middleware


@receiver(user_logged_out)
def note_log_out(request: HttpRequest | None, **kwargs: Any) -> None:
    """Whichever page it was: the site's log-out, the admin's, or a deleted account."""
    if request is not None:
        setattr(request, SIGNED_OUT, True)
