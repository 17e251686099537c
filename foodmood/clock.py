"""Times of day as the person writes them: 14:30 or 2:30 p.m.

What somebody chose in their profile comes first. Otherwise it follows the language: British English, if the browser
asks for it, writes 14:30, American English 2:30 p.m. The browser's own inputs for times follow the browser alone, so
pages have text inputs for times.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time

from asgiref.local import Local
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format, get_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.utils.translation.trans_real import parse_accept_lang_header

FORMATS = {"12": "P", "24": "H:i"}
# English-speaking regions that write 14:30, by the Unicode CLDR. All other English is 2:30 p.m.
_BRITISH = re.compile(r"en-(?:gb|ie|za|mt|150|at|be|ch|de|dk|fi|nl|se|si|il|gg|im|je|gi|ke|tz|ug|rw|ng|cm|mu|sc|zw|bw)")
_TYPED = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?::\d{2}(?:\.\d+)?)?\s*(?:([ap])\.?\s?m\.?)?", re.IGNORECASE)

_active = Local()


class HourFormat(models.TextChoices):
    AUTOMATIC = "", _("Automatic, by language")
    TWELVE = "12", _("2:30 p.m.")
    TWENTY_FOUR = "24", _("14:30")


@contextmanager
def override(chosen: str, *, usual: str = "") -> Iterator[None]:
    """Within, times are written as `chosen` says, or else as `usual` does: "12", "24" or "" for the language's own."""
    before = getattr(_active, "value", ("", ""))
    _active.value = (chosen, usual)
    try:
        yield
    finally:
        _active.value = before


def own_clock(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: every page writes times as the signed-in person does."""

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = request.user.hour_format if request.user.is_authenticated else ""
        with override(chosen, usual=_browsers(request)):
            return get_response(request)

    return middleware


def _browsers(request: HttpRequest) -> str:
    for tag, _priority in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        if tag.startswith("en-"):
            return "24" if _BRITISH.fullmatch(tag) else "12"
    return ""


def hours() -> str:
    """12 or 24. What a browser says of English holds for pages in English alone."""
    picked, usual = getattr(_active, "value", ("", ""))
    if not picked and usual and (get_language() or "").startswith("en"):
        picked = usual
    return picked or ("12" if get_format("TIME_FORMAT") == FORMATS["12"] else "24")


def written(moment: date | datetime, pattern: str = "TIME_FORMAT") -> str:
    """A local time by one of Django's names for formats, such as DATETIME_FORMAT, with the person's own hours."""
    own = get_format(pattern).replace(get_format("TIME_FORMAT"), FORMATS[hours()])
    return date_format(moment, own)


def typed(text: str) -> time:
    """The time of day in what somebody typed: 14:30, 1430, 2:30 pm, 2 p.m. Raises ValueError."""
    text = re.sub(r"^\s*(\d{1,2})(\d\d)(?=\D*$)", r"\1:\2", text)  # digits are all that some phones offer
    found = _TYPED.fullmatch(text.strip())
    if not found:
        raise ValueError(text)
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half and not 1 <= hour <= 12:  # noqa: PLR2004 -- hours of a clock with hands
        raise ValueError(text)
    if not (half or found[2]):  # a bare number may be anything
        raise ValueError(text)
    return time(hour % 12 + (12 if half == "p" else 0) if half else hour, minute)


def to_type(moment: datetime | time) -> str:
    """A time of day as an input shows it, for the person to change."""
    if hours() == "24":
        return f"{moment:%H:%M}"
    return f"{moment.hour % 12 or 12}:{moment:%M} {'am' if moment.hour < 12 else 'pm'}"  # noqa: PLR2004 -- as above
