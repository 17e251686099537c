"""What of an archive is more than a diary can contain, with its place in the file.

Checked when an archive is imported; `read_archive()` alone reads any size.
"""

from collections.abc import Iterator

from django.utils.formats import date_format

from apps.accounts.quotas import QuotaError, refuse_over_quota
from apps.archive.model import Archive
from apps.archive.problems import Problem, Problems, quoted, refuse_if_any


def refuse_large(archive: Archive) -> None:
    """Raise ArchiveError with a problem for every list that is too long."""
    problems = Problems[Problem]()
    for path, quota, count, name in _sizes(archive):
        try:
            refuse_over_quota(quota, count, name=name)
        except QuotaError as error:
            problems.add(Problem(path, error.what, error.fix))
    refuse_if_any(problems)


def _sizes(archive: Archive) -> Iterator[tuple[str, str, int, str]]:
    """Path, quota, count and name of every list."""
    yield "edibles", "foods", len(archive.edibles), ""
    yield "edibles", "ingredients", sum(len(edible.ingredients) for edible in archive.edibles), ""
    yield "meals", "meals", len(archive.meals), ""
    yield "meals", "portions", sum(len(meal.portions) for meal in archive.meals), ""
    categories = archive.categories
    yield "wellbeing.categories", "categories", len(categories), ""
    yield "wellbeing.categories", "active_categories", sum(category.is_active for category in categories), ""
    yield "wellbeing.entries", "entries", len(archive.entries), ""
    for e, edible in enumerate(archive.edibles):
        yield f"edibles[{e}].ingredients", "ingredients_of_food", len(edible.ingredients), quoted(edible.name)
    for m, meal in enumerate(archive.meals):
        name = quoted(meal.title) if meal.title else date_format(meal.eaten_at)
        yield f"meals[{m}].edibles", "portions_of_meal", len(meal.portions), name
    for c, category in enumerate(categories):
        yield f"wellbeing.categories[{c}].options", "steps_of_category", len(category.options), quoted(category.name)
