"""Whatever writes to a diary waits for its lock first; so no two writers wait for each other's rows."""

from collections.abc import Callable
from typing import Any, NoReturn

import pytest
from django.test import Client

from apps.accounts.models import User
from tests.factories import CategoryFactory, EntryFactory, OptionFactory, PortionFactory

pytestmark = pytest.mark.django_db

MEAL = {"edible": "Tea", "category": "DRINK", "eaten_at": "2026-03-01T12:00"}
CATEGORY = {"name": "Pain", "higher_is_better": "True", "options-TOTAL_FORMS": 2, "options-INITIAL_FORMS": 0}
SCALE = {f"options-{n}-{key}": value for n in range(2) for key, value in {"label": f"Step {n}", "value": n}.items()}


class BusyError(Exception):
    """Somebody else holds the lock."""


@pytest.fixture
def data(alice: User) -> dict[str, Any]:
    entry = EntryFactory.create(option=OptionFactory.create(category__owner=alice))
    portion = PortionFactory.create(meal__owner=alice)
    unused = CategoryFactory.create(owner=alice)
    return {"entry": entry, "meal": portion.meal, "edible": portion.edible, "unused": unused}


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/day/2026-03-01/meal/", MEAL),
        (
            "/day/2026-03-01/check-in/",
            {"recorded_at": "2026-03-01T12:00", "category-{entry.category_id}": "{entry.option_id}"},
        ),
        ("/log/starter-categories/", {}),
        ("/meals/{meal.pk}/", MEAL),
        ("/meals/{meal.pk}/again/", {}),
        ("/meals/{meal.pk}/delete/", {}),
        ("/edibles/new/", {"name": "Latte"}),
        ("/edibles/{edible.pk}/edit/", {"name": "Latte"}),
        ("/edibles/{edible.pk}/duplicate/", {"name": "Latte"}),
        ("/edibles/{edible.pk}/delete/", {}),
        ("/wellbeing/entries/{entry.pk}/", {"option": "{entry.option_id}", "recorded_at": "2026-03-01T12:00"}),
        ("/wellbeing/entries/{entry.pk}/delete/", {}),
        ("/wellbeing/categories/new/", CATEGORY | SCALE),
        ("/wellbeing/categories/{unused.pk}/", CATEGORY | SCALE),
        ("/wellbeing/categories/{unused.pk}/archive/", {}),
        ("/wellbeing/categories/{unused.pk}/restore/", {}),
        ("/wellbeing/categories/{unused.pk}/delete/", {}),
        ("/wellbeing/categories/starters/", {}),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_writing_waits_for_whoever_else_writes(
    alices: Client, data: dict[str, Any], monkeypatch: pytest.MonkeyPatch, path: str, typed: dict[str, Any]
) -> None:
    def busy() -> NoReturn:
        raise BusyError

    fill: Callable[[Any], str] = lambda text: str(text).format(**data)  # noqa: E731 -- short
    monkeypatch.setattr(User.objects, "select_for_update", busy)
    with pytest.raises(BusyError):
        alices.post(fill(path), {fill(key): fill(value) for key, value in typed.items()})
