"""Back to the list from which a page was opened: page, filter and search travel along as `next`."""

from urllib.parse import quote

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 2000  # characters


def here(request: HttpRequest) -> str:
    """This page's address, quoted, for the links of its rows: `?next={{ here }}`."""
    return quote(request.get_full_path())


def came_from(request: HttpRequest) -> str | None:
    """The address of ours in `next`, or None. A link with another site in it leads nowhere else."""
    address = request.GET.get("next", "")
    if not (address.startswith("/") and address.isprintable() and len(address) <= LONGEST):
        return None
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else None
