"""The time zones that a person may choose."""

from foodmood.zones import zone_names

Choices = list[tuple[str, str]]


def zones_by_region() -> list[tuple[str, Choices]]:
    """Choices for a select: each region with its places; names without a place come first, among themselves."""
    regions: dict[str, Choices] = {"UTC": []}
    for name in sorted(zone_names()):
        region, _, place = name.partition("/")
        regions.setdefault(region if place else "UTC", []).append((name, (place or name).replace("_", " ")))
    return list(regions.items())
