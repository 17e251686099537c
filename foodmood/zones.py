"""The time zones of the world, by their IANA names."""

from functools import cache
from zoneinfo import available_timezones


@cache
def zone_names() -> frozenset[str]:
    """All that are known here. Reading them takes a walk over files, so it is done once.

    Without `localtime`, which some machines have: it is another zone on each.
    """
    return frozenset(available_timezones() - {"localtime"})
