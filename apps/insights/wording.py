"""Results in words: for the pages and for `analyse --format text` alike. Nothing here says why something happens."""

from collections.abc import Iterable

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, npgettext

from apps.insights.engine import Exposure, Interval, Needed, Pattern, Verdict, Window

# An estimate shows no more digits than its interval has to give.
WIDE, NARROW = 20, 0.2

VERDICTS = {
    Verdict.WORTH_A_TRIAL: gettext_lazy("Worth a trial"),
    Verdict.NO_CLEAR_LINK: gettext_lazy("No clear link"),
    Verdict.TOO_LITTLE_DATA: gettext_lazy("Too little data"),
}


def window_in_words(window: Window) -> str:
    if not window.start_hours:
        return _("within %(end)d hours of eating") % {"end": window.end_hours}
    return _("%(start)d–%(end)d hours after eating") % {"start": window.start_hours, "end": window.end_hours}


def exposure_in_words(exposure: Exposure) -> str:
    return _("%(edible)s (%(window)s)") % {"edible": exposure.edible, "window": window_in_words(exposure.window)}


def steps_in_words(pattern: Pattern) -> str:
    """The effect alone: “about 1.2 steps higher”."""
    decimals = _decimals(pattern.interval)
    effect = round(pattern.effect, decimals)
    if not effect:
        return _("about the same")
    amount = {"steps": _number(abs(effect), decimals)}
    return _("about %(steps)s steps higher") % amount if effect > 0 else _("about %(steps)s steps lower") % amount


def interval_in_words(pattern: Pattern) -> str:
    """What stands beside it: “95 %: 0.9 to 1.5”. Both ends have a direction when zero lies between."""
    decimals = _decimals(pattern.interval)
    low, high = round(pattern.interval.low, decimals), round(pattern.interval.high, decimals)
    ends = {"low": _number(abs(low), decimals), "high": _number(abs(high), decimals)}
    if low < 0 < high:
        return _("95 %%: %(low)s lower to %(high)s higher") % ends
    if pattern.effect < 0:
        ends = {"low": ends["high"], "high": ends["low"]}
    return _("95 %%: %(low)s to %(high)s") % ends


def estimate_in_words(pattern: Pattern) -> str:
    return _("%(steps)s (%(interval)s)") % {
        "steps": steps_in_words(pattern),
        "interval": interval_in_words(pattern),
    }


def is_better(pattern: Pattern, *, higher_is_better: bool) -> bool:
    return (pattern.effect > 0) == higher_is_better


def counts_in_words(pattern: Pattern) -> str:
    exposed = ngettext("%(n)s entry with", "%(n)s entries with", pattern.exposed)
    unexposed = ngettext("%(n)s without", "%(n)s without", pattern.unexposed)
    return _("%(with)s, %(without)s") % {
        "with": exposed % {"n": _number(pattern.exposed)},
        "without": unexposed % {"n": _number(pattern.unexposed)},
    }


def alternatives_in_words(names: Iterable[str]) -> str:
    """“Butter”, “Butter or Jam”, “Bread, Butter or Jam”."""
    *first, last = names
    return _("%(first)s or %(last)s") % {"first": ", ".join(first), "last": last} if first else last


def needed_in_words(needed: Needed) -> tuple[str, ...]:
    """What is missing, a line for each. Only kept entries count: those with meals logged before them."""
    if needed.values == 1:  # of two different ones; without any entry both are missing
        return (_("entries that differ: so far every one is the same"), *_entries_in_words(needed))
    return (*_entries_in_words(needed), *_contrast_in_words(needed))


def _entries_in_words(needed: Needed) -> Iterable[str]:
    if needed.entries and needed.days:
        yield _("%(entries)s on %(days)s") % {
            "entries": ngettext("%(n)s more entry", "%(n)s more entries", needed.entries) % {"n": needed.entries},
            # In some languages “days” are others after “on”.
            "days": npgettext("after “on”", "%(n)s more day", "%(n)s more days", needed.days) % {"n": needed.days},
        }
    elif needed.entries:
        yield ngettext("%(n)s more entry", "%(n)s more entries", needed.entries) % {"n": needed.entries}
    elif needed.days:
        yield ngettext("entries on %(n)s more day", "entries on %(n)s more days", needed.days) % {"n": needed.days}


def _contrast_in_words(needed: Needed) -> Iterable[str]:
    if with_it := max(needed.exposed, needed.exposed_days):
        yield ngettext(
            "%(n)s more entry some hours after eating the same food, best on other days",
            "%(n)s more entries some hours after eating the same food, best on other days",
            with_it,
        ) % {"n": with_it}
    if without := max(needed.unexposed, needed.unexposed_days):
        yield ngettext(
            "%(n)s more entry after meals without that food, best on other days",
            "%(n)s more entries after meals without that food, best on other days",
            without,
        ) % {"n": without}
    if needed.contrast_days:
        yield ngettext(
            "%(n)s more day on which you leave a usual food out, or eat it at another time",
            "%(n)s more days on which you leave a usual food out, or eat it at another time",
            needed.contrast_days,
        ) % {"n": needed.contrast_days}


def _decimals(interval: Interval) -> int:
    width = interval.high - interval.low
    return 0 if width >= WIDE else 1 if width >= NARROW else 2


def _number(value: float, decimals: int = 0) -> str:
    return number_format(round(value, decimals), decimals, use_l10n=True, force_grouping=True)
