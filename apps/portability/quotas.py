"""Whether a diary can contain what a plan would add to it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.utils.formats import date_format

from apps.accounts.models import User
from apps.accounts.quotas import QuotaError, quoted, refuse_over_quota
from apps.edibles.models import Ingredient
from apps.meals.models import Portion
from apps.portability.plan import Plan
from foodmood.names import fold

MOST_SHOWN = 5  # of what is too much

# Quota, count with what would be added, and a name where the quota is for each one.
Size = tuple[str, int, str]


def over_quota(owner: User, plan: Plan) -> list[str]:
    """Return what would be too much, at most five of it, with the count, the limit and what to do.

    What is not added to is not counted: there may be more of it from before a limit.
    """
    zone = ZoneInfo(plan.time_zone or owner.time_zone)
    problems = []
    for sizes in (
        _foods(owner, plan),
        _meals(owner, plan, zone),
        _categories(owner, plan),
        _entries(owner, plan, zone),
    ):
        for quota, count, name in sizes:
            try:
                refuse_over_quota(quota, count, name=name)
            except QuotaError as error:
                problems.append(str(error))
    return problems[:MOST_SHOWN]


def _foods(owner: User, plan: Plan) -> Iterator[Size]:
    if plan.edibles:
        yield "foods", owner.edibles.count() + len(plan.edibles), ""
    if not plan.ingredients:
        return
    links = Ingredient.objects.filter(owner=owner).order_by()
    yield "ingredients", links.count() + sum(len(edible.ingredients) for edible in plan.ingredients), ""
    for edible in plan.ingredients:
        yield "ingredients_of_food", len(edible.ingredients), quoted(edible.name)
    there = dict(links.values_list("edible__key").annotate(Count("pk")))
    names = {plan.names.edible(fold(name)): name for edible in plan.ingredients for name in edible.ingredients}
    added = (plan.names.edible(fold(name)) for edible in plan.ingredients for name in edible.ingredients)
    for key, count in Counter(added).items():
        yield "containers_of_food", there.get(key, 0) + count, quoted(names[key])


def _meals(owner: User, plan: Plan, zone: ZoneInfo) -> Iterator[Size]:
    if plan.meals:
        yield "meals", owner.meals.count() + len(plan.meals), ""
        moments = [meal.eaten_at for meal in plan.meals]
        near = owner.meals.filter(eaten_at__range=_around(moments)).values_list("eaten_at", flat=True)
        yield from _of_days("meals_of_day", moments, near.order_by().iterator(), zone)
    if plan.portions:
        yield "portions", Portion.objects.filter(owner=owner).count() + plan.portions, ""
    for meal in plan.meals:
        yield "portions_of_meal", len(meal.portions), _meal_name(meal.title, meal.eaten_at, zone)
    sizes: Counter[int] = Counter()  # several meals of the file may be one of the diary
    for more in plan.more_portions:
        meal = more.meal
        sizes[more.row] += len(meal.portions)
        yield "portions_of_meal", more.present + sizes[more.row], _meal_name(meal.title, meal.eaten_at, zone)


def _meal_name(title: str, eaten_at: datetime, zone: ZoneInfo) -> str:
    return quoted(title) if title else date_format(eaten_at.astimezone(zone))


def _categories(owner: User, plan: Plan) -> Iterator[Size]:
    if plan.categories:
        there = owner.categories.exclude(pk__in=[row.pk for row in plan.replaced_starters])
        added = sum(category.is_active for category in plan.categories)
        yield "categories", there.count() + len(plan.categories), ""
        if added:
            yield "active_categories", there.active().count() + added, ""
    for category in plan.categories:
        yield "steps_of_category", len(category.options), quoted(category.name)
    for row, more in plan.options:
        yield "steps_of_category", len(row.options.all()) + len(more), quoted(row.name)


def _entries(owner: User, plan: Plan, zone: ZoneInfo) -> Iterator[Size]:
    if not plan.entries:
        return
    yield "entries", owner.entries.count() + len(plan.entries), ""
    moments = [entry.recorded_at for entry in plan.entries]
    near = owner.entries.filter(recorded_at__range=_around(moments)).values_list("recorded_at", flat=True)
    yield from _of_days("entries_of_day", moments, near.order_by().iterator(), zone)


def _around(moments: list[datetime]) -> tuple[datetime, datetime]:
    """From the first to the last of them, with their whole local days in any zone."""
    return min(moments) - timedelta(days=2), max(moments) + timedelta(days=2)


def _of_days(quota: str, added: list[datetime], there: Iterable[datetime], zone: ZoneInfo) -> Iterator[Size]:
    days: Counter[date] = Counter(moment.astimezone(zone).date() for moment in added)
    full = Counter(moment.astimezone(zone).date() for moment in there)
    for day, count in days.items():
        yield quota, full[day] + count, date_format(day)
