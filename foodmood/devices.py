"""Browsers in words: “Firefox on Android”."""

from django.utils.translation import gettext as _
from ua_parser import parse

NAMES = {"Mac OS X": "macOS", "Mobile Safari": "Safari", "Chrome Mobile iOS": "Chrome", "Firefox iOS": "Firefox"}


def describe(user_agent: str) -> str:
    """What a person would call the sender of this User-Agent header."""
    found = parse(user_agent)
    browser = _plain(found.user_agent.family) if found.user_agent else ""
    system = _plain(found.os.family) if found.os else ""
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("An unknown device")


def _plain(name: str) -> str:
    return NAMES.get(name, name.removesuffix(" Mobile").removesuffix(" Mobile WebView"))
