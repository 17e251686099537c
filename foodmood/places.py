"""Where an IP address is, roughly, as a file of the operator's own says. Nobody is asked over the network."""

import logging
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import maxminddb
from django.conf import settings
from django.utils.translation import get_language

logger = logging.getLogger(__name__)


def place_of(ip: str) -> str:
    """Such as “Potsdam, Germany”; empty where GEOIP_PATH is not set or its file knows no better."""
    reader = _reader(settings.GEOIP_PATH)
    if reader is None:
        return ""
    try:
        found = reader.get(ip_address(ip))
    except (ValueError, maxminddb.InvalidDatabaseError):  # such as an IPv6 address in a file of IPv4
        return ""
    parts = (_name(found, part) for part in ("city", "country")) if isinstance(found, dict) else ()
    return ", ".join(filter(None, parts))


@lru_cache(maxsize=1)
def _reader(path: Path | None) -> maxminddb.Reader | None:
    if path is None:
        return None
    try:
        return maxminddb.open_database(path)
    except (OSError, maxminddb.InvalidDatabaseError) as error:
        logger.error("GEOIP_PATH: %s can't be read (%s). Sessions show addresses only.", path, error)  # noqa: TRY400 -- no fault of ours
        return None


def _name(found: dict[str, Any], part: str) -> str:
    entry = found.get(part)
    names = entry.get("names") if isinstance(entry, dict) else None
    if not isinstance(names, dict):
        return ""
    return str(names.get((get_language() or "en").partition("-")[0]) or names.get("en") or "")
