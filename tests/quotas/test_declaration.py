"""Every collection that a person can add to has a limit, and docs/limits.md lists it."""

import re

from django.apps import apps
from django.conf import settings
from django.db.models import ForeignKey, Model

from apps.accounts.models import User
from apps.accounts.quotas import MESSAGES
from config.env import BASE_DIR

# Models of the diary, and the limits that bound their rows.
BOUNDED = {
    "edibles.Edible": {"foods"},
    "edibles.Ingredient": {"ingredients", "ingredients_of_food", "containers_of_food"},
    "meals.Meal": {"meals", "meals_of_day"},
    "meals.Portion": {"portions", "portions_of_meal"},
    "wellbeing.Category": {"categories", "active_categories"},
    "wellbeing.Option": {"steps_of_category"},
    "wellbeing.Entry": {"entries", "entries_of_day"},
}
# Bounded by other rules, each with its own tests.
ELSEWHERE = {
    "edibles.Alias": "MOST_ALIASES of each food",
    "wellbeing.CategoryAlias": "MOST_ALIASES of each category",
    "wellbeing.OptionAlias": "MOST_ALIASES of each step",
}
APPS = ("edibles", "meals", "wellbeing")


def models_of_a_diary() -> set[str]:
    """Every model that belongs to a person, directly or through another model."""
    owned: set[type[Model]] = {User}
    models = {model for name in APPS for model in apps.get_app_config(name).get_models()}
    while found := {model for model in models - owned if any(to in owned for to in _targets(model))}:
        owned |= found
    return {model._meta.label for model in owned - {User}}  # noqa: SLF001 -- Django's documented API


def _targets(model: type[Model]) -> list[type[Model]]:
    return [field.related_model for field in model._meta.get_fields() if isinstance(field, ForeignKey)]  # noqa: SLF001 -- as above


def test_every_model_of_a_diary_is_bounded() -> None:
    assert models_of_a_diary() == {*BOUNDED, *ELSEWHERE}


def test_every_limit_is_used_and_explained() -> None:
    assert set.union(*BOUNDED.values()) == set(settings.DIARY_QUOTAS) == set(MESSAGES)


def test_the_page_of_limits_lists_them() -> None:
    page = (BASE_DIR / "docs" / "limits.md").read_text(encoding="utf-8")
    described = dict(re.findall(r"^\| [^|]+ \| `([a-z_]+)` \| (\d+) \|", page, re.MULTILINE))
    assert described == {key: str(most) for key, most in settings.DIARY_QUOTAS.items()}
