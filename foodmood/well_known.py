"""Addresses that browsers and security researchers try on every site (RFC 9116, W3C change-password)."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

VALID = timedelta(days=90)  # counted from the day it is read, so the file never expires


@login_not_required
@require_safe
def favicon(_request: HttpRequest) -> HttpResponse:
    """Redirect to the icon: some browsers and feed readers never look at a page's own link to one."""
    return redirect(static("img/favicon.ico"))


@login_not_required
@require_safe
def change_password(_request: HttpRequest) -> HttpResponse:
    """Where password managers send people who have to change a password."""
    return redirect("account_change_password")


@login_not_required
@require_safe
def security_txt(_request: HttpRequest) -> HttpResponse:
    """Whom to tell about a vulnerability; 404 if the operator has named nobody."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {today + VALID:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}",
        f"Canonical: {settings.SITE_URL}{reverse('security_txt')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
