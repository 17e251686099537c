"""The time zones that a person may choose: one for each place, with its name of today.

The zone database knows 600 names. A third of them are former names ("Asia/Calcutta", "W-SU") and fixed offsets, which
zone.tab leaves out.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foodmood.zones import zone_names

Choices = list[tuple[str, str]]

REGIONS: Mapping[str, Promise] = {
    "Africa": _("Africa"),
    "America": _("America"),
    "Antarctica": _("Antarctica"),
    "Arctic": _("Arctic"),
    "Asia": _("Asia"),
    "Atlantic": _("Atlantic Ocean"),
    "Australia": _("Australia"),
    "Europe": _("Europe"),
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific Ocean"),
}
_ZONE_INFO = files("tzdata.zoneinfo")


def zones_by_region(current: str = "") -> list[tuple[str | Promise, Choices]]:
    """Choices for a select: each region with its places, by name. `current` is among them, whatever it is."""
    regions: dict[str | Promise, Choices] = {pgettext_lazy("no region", "Everywhere"): [("UTC", "UTC")]}
    if current and current not in places() | {"UTC"}:
        regions[_("Yours")] = [(current, current.replace("_", " "))]
    for name in sorted(places(), key=lambda name: (name.partition("/")[0], label(name))):
        regions.setdefault(REGIONS[name.partition("/")[0]], []).append((name, label(name)))
    return list(regions.items())


def label(name: str) -> str:
    """The place first: "America/Argentina/Buenos_Aires" is "Buenos Aires, Argentina"."""
    _region, *parts = name.replace("_", " ").split("/")
    return ", ".join(reversed(parts))


@cache
def places() -> frozenset[str]:
    """The zones of zone.tab, which has one or more for each country."""
    lines = (_ZONE_INFO / "zone.tab").read_text(encoding="utf-8").splitlines()
    named = {line.split("\t")[2] for line in lines if line and not line.startswith("#")}
    return frozenset(name for name in named & zone_names() if name.partition("/")[0] in REGIONS)


def present_name(name: str) -> str:
    """The place that a former name means now. Browsers still say "Asia/Calcutta"."""
    if name in places():
        return name
    now = _links().get(name, name)
    if now in {"Etc/UTC", "Etc/GMT"}:
        return "UTC"
    return now if now in places() else name


@cache
def _links() -> dict[str, str]:
    """Each former name with the present one, from the lines "L present former" of tzdata.zi."""
    lines = (_ZONE_INFO / "tzdata.zi").read_text(encoding="utf-8").splitlines()
    return {former: now for kind, now, former, *_rest in (f"{line}   ".split(" ") for line in lines) if kind == "L"}
