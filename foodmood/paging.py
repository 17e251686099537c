"""Long lists, a page at a time."""

from typing import TYPE_CHECKING, TypeVar

from django.core.paginator import Page, Paginator

if TYPE_CHECKING:
    from django.core.paginator import _SupportsPagination  # a query or a list; only the stubs have it

PER_PAGE = 50

Row = TypeVar("Row")


def nearest_page(rows: "_SupportsPagination[Row]", number: str | int | None, *, per_page: int = PER_PAGE) -> Page[Row]:
    """The page of this number, or the nearest there is. What is no number is the first page."""
    paginator = Paginator(rows, per_page)
    try:
        wanted = int(number or 1)
    except ValueError:
        wanted = 1
    return paginator.page(min(max(wanted, 1), paginator.num_pages))
