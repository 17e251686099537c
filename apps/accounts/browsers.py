from django.utils.translation import gettext as _
from ua_parser import parse


def browser_words(user_agent: str) -> str:
    """What a browser calls itself, for people: “Firefox on Android”."""
    found = parse(user_agent[:500])
    browser = found.user_agent.family if found.user_agent else _("An unknown browser")
    if found.os is None:
        return browser
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": found.os.family}
