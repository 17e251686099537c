"""How much one diary can contain: the limits are in settings.DIARY_QUOTAS, and docs/limits.md explains them.

Actions and imports call `refuse_over_quota()` under the diary's lock, so that two writers cannot pass a limit together.
"""

from django.conf import settings
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# What is too much, and how to fix it, by the setting's keys.
MESSAGES: dict[str, tuple[str | Promise, str | Promise]] = {
    "foods": (
        gettext_lazy("A diary can have up to %(most)s foods, not %(count)s"),
        gettext_lazy("delete foods that you no longer use"),
    ),
    "ingredients_of_food": (
        gettext_lazy("A food can have up to %(most)s ingredients; %(name)s would have %(count)s"),
        gettext_lazy("combine some of them into a food of their own"),
    ),
    "containers_of_food": (
        gettext_lazy("A food can be an ingredient of up to %(most)s others; %(name)s would be in %(count)s"),
        gettext_lazy("remove it from some of them"),
    ),
    "ingredients": (
        gettext_lazy("All foods together can have up to %(most)s ingredients, not %(count)s"),
        gettext_lazy("remove ingredients that do not matter to you"),
    ),
    "meals": (
        gettext_lazy("A diary can have up to %(most)s meals, not %(count)s"),
        gettext_lazy("export your diary, then delete meals that you no longer need"),
    ),
    "meals_of_day": (
        gettext_lazy("A day can have up to %(most)s meals; %(name)s would have %(count)s"),
        gettext_lazy("combine some of them"),
    ),
    "portions_of_meal": (
        gettext_lazy("A meal can have up to %(most)s foods; %(name)s would have %(count)s"),
        gettext_lazy("split it into two meals"),
    ),
    "portions": (
        gettext_lazy("All meals together can have up to %(most)s foods, not %(count)s"),
        gettext_lazy("export your diary, then delete meals that you no longer need"),
    ),
    "categories": (
        gettext_lazy("A diary can have up to %(most)s categories, not %(count)s"),
        gettext_lazy("delete categories that have no entries"),
    ),
    "active_categories": (
        gettext_lazy("You can rate up to %(most)s categories, not %(count)s"),
        gettext_lazy("archive one of them first"),
    ),
    "steps_of_category": (
        gettext_lazy("A scale can have up to %(most)s steps; %(name)s would have %(count)s"),
        gettext_lazy("combine some of them"),
    ),
    "entries": (
        gettext_lazy("A diary can have up to %(most)s ratings, not %(count)s"),
        gettext_lazy("export your diary, then delete ratings that you no longer need"),
    ),
    "entries_of_day": (
        gettext_lazy("A day can have up to %(most)s ratings; %(name)s would have %(count)s"),
        gettext_lazy("rate less often, or fewer categories"),
    ),
}


class QuotaError(ValueError):
    """A diary would exceed one of its limits; the message gives the count, the limit and what to do."""

    def __init__(self, quota: str, what: str, fix: str) -> None:
        super().__init__(quota, what, fix)
        self.quota, self.what, self.fix = quota, what, fix

    def __str__(self) -> str:
        return f"{self.what}: {self.fix}."


def refuse_over_quota(quota: str, count: int, *, before: int = 0, name: str = "") -> None:
    """Raise QuotaError if `count` is over the limit.

    `before`: how many there were. Whoever had more already may keep them, and have fewer.
    `name`: what has them, as a sentence shows it, where the limit is for each one.
    """
    most: int = settings.DIARY_QUOTAS[quota]
    if count > max(most, before):
        what, fix = MESSAGES[quota]
        shown = {"most": _number(most), "count": _number(count), "name": name}
        raise QuotaError(quota, str(what) % shown, str(fix))


def quoted(name: str) -> str:
    return _("“%(text)s”") % {"text": name}


def _number(number: int) -> str:
    return number_format(number, force_grouping=True)
