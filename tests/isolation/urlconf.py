"""What addresses there are."""

import re
from collections.abc import Iterator

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver, reverse

ADMIN = reverse("admin:index")

_APP_LIST = re.compile(r"^admin/\^\(\?P<app_label>.*$")  # names every installed app that has a model there


def routes(resolver: URLResolver | None = None) -> list[str]:
    """Every address of the URLconf, however deep it is included."""
    prefix = re.escape(ADMIN.lstrip("/"))
    own = (re.sub(f"^{prefix}", "admin/", route) for route in _walk(resolver or get_resolver()))
    return [_APP_LIST.sub("admin/<app_label>/", route) for route in own]


def _walk(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, here)
        elif isinstance(pattern, URLPattern):
            yield here


def registered() -> set[str]:
    return {model._meta.label for model in admin.site._registry}  # noqa: SLF001 -- Django's documented API, but for the registry
