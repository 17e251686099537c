"""A request for a host name that this site doesn't answer to."""

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.request import split_domain_port
from django.template.loader import render_to_string

from foodmood.occasional import once_a_minute

logger = logging.getLogger(__name__)

SHOWN = 100  # letters of a name


def unknown_host(request: HttpRequest) -> HttpResponse:
    """Tell the log, for an operator who forgot the name, and the page. It names none of the others."""
    # Only what can be a host name; anything else is left out of the log.
    name = split_domain_port(request.META.get("HTTP_HOST", ""))[0][:SHOWN] or "(none)"
    if once_a_minute(f"host:{name}"):
        logger.warning(
            "Refused a request for the host %s, which is not in DJANGO_ALLOWED_HOSTS (%s). If this site should answer"
            " to it, add it there and restart; else ignore this.",
            name,
            ",".join(settings.ALLOWED_HOSTS),
        )
    return HttpResponseBadRequest(render_to_string("400.html", {"unknown_host": True}))
