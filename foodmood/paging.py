"""Long lists, a page at a time."""

from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet

PER_PAGE = 50

AnyModel = TypeVar("AnyModel", bound=Model)


def nearest_page(rows: "QuerySet[AnyModel, Any]", number: str | None, *, per_page: int = PER_PAGE) -> Page[AnyModel]:
    """The page of this number, or the nearest there is. What is no number is the first page."""
    paginator = Paginator(rows, per_page)
    try:
        wanted = int(number or 1)
    except ValueError:
        wanted = 1
    return paginator.page(min(max(wanted, 1), paginator.num_pages))
