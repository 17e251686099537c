from collections.abc import Iterator
from itertools import groupby

from apps.accounts.models import User
from apps.wellbeing.models import Category, Option

OF_CATEGORIES = ("pk", "name", "description", "icon")
OF_OPTIONS = ("options__pk", "options__label", "options__color")


def scales(owner: User) -> Iterator[tuple[Category, list[Option]]]:
    """The owner's active categories, each with the options of its scale in order: what a form shows of them, and no
    more. One query.
    """
    rows = owner.categories.active().order_by("pk", "options__order", "options__value")
    of_categories = len(OF_CATEGORIES)
    for shown, together in groupby(rows.values_list(*OF_CATEGORIES, *OF_OPTIONS), key=lambda row: row[:of_categories]):
        category = Category(**dict(zip(OF_CATEGORIES, shown, strict=True)))
        yield (
            category,
            [
                Option(pk=pk, category_id=category.pk, label=label, color=color)
                for pk, label, color in (row[of_categories:] for row in together)
                if pk is not None  # of a category without a scale
            ],
        )
