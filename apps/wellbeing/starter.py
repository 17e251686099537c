"""What a new diary begins with: four categories, five steps each. Everything can be renamed or archived."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.accounts.diary import lock_diary
from apps.accounts.models import User
from apps.accounts.quotas import refuse_over_quota
from apps.wellbeing.models import Category, Option
from foodmood.names import fold

# From bad to good, readable on light and dark paper; labels carry the meaning, colours only help.
COLORS = ("#b4533c", "#c98a4b", "#b5a642", "#7d9f5c", "#3f8f6b")


@dataclass(frozen=True)
class Starter:
    name: str
    icon: str
    labels: tuple[str, str, str, str, str]  # values 1 to 5
    higher_is_better: bool = True

    @property
    def steps(self) -> list[tuple[int, str, str]]:
        """(value, label, colour) of each option."""
        colors = COLORS if self.higher_is_better else COLORS[::-1]
        return [(value, *step) for value, step in enumerate(zip(self.labels, colors, strict=True), start=1)]


def starters() -> tuple[Starter, ...]:
    """In the language now active, because the names become the person's own."""
    return (
        Starter(_("Mood"), "🙂", (_("Awful"), _("Bad"), _("Okay"), _("Good"), _("Great"))),
        Starter(_("Energy"), "⚡", (_("Exhausted"), _("Tired"), _("Okay"), _("Awake"), _("Full of energy"))),
        Starter(_("Sleep quality"), "🌙", (_("Awful"), _("Bad"), _("Okay"), _("Good"), _("Great"))),
        Starter(
            _("Bloating"),
            "🎈",
            (
                pgettext("bloating", "None"),
                pgettext("bloating", "Slight"),
                pgettext("bloating", "Some"),
                pgettext("bloating", "Strong"),
                pgettext("bloating", "Severe"),
            ),
            higher_is_better=False,
        ),
    )


def starters_in_every_language() -> list[tuple[Starter, ...]]:
    """A person may have got theirs before they changed the language."""
    found = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found.append(starters())
    return found


def missing_starters(owner: User) -> list[Starter]:
    """Those that the owner does not have yet under any language's name, whatever its case."""
    taken = set(owner.categories.values_list("key", flat=True))
    each_by_all_names = zip(starters(), *starters_in_every_language(), strict=True)
    return [starter for starter, *named in each_by_all_names if not any(fold(one.name) in taken for one in named)]


@transaction.atomic
def create_starter_categories(*, owner: User) -> list[Category]:
    """Creates the missing ones. Raises QuotaError."""
    lock_diary(owner)  # two clicks are one
    missing = missing_starters(owner)
    if missing:
        refuse_over_quota("categories", owner.categories.count() + len(missing))
        refuse_over_quota("active_categories", owner.categories.active().count() + len(missing))
    return [_create(starter, owner) for starter in missing]


def _create(starter: Starter, owner: User) -> Category:
    category = Category.objects.create(
        owner=owner, name=starter.name, icon=starter.icon, higher_is_better=starter.higher_is_better
    )
    Option.objects.bulk_create(
        Option(category=category, label=label, value=value, order=value, color=color)
        for value, label, color in starter.steps
    )
    return category
