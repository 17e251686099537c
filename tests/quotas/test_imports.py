"""Beyond a limit a file is refused as a whole, with the place in it, the count and the limit."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import User
from apps.archive.reader import read_archive
from tests.conftest import confirm
from tests.factories import EdibleFactory, EntryFactory, MealFactory, PortionFactory


@pytest.fixture
def alices(alices: Client, alice: User) -> Client:
    return confirm(alices, alice)


STEPS = [{"label": f"Step {n}", "value": n, "color": "", "order": n} for n in range(3)]
CATEGORY = {
    "name": "Sleep",
    "description": "",
    "icon": "",
    "is_active": True,
    "higher_is_better": True,
    "options": STEPS,
}
MEAL = {
    "title": "Breakfast",
    "category": "BREAKFAST",
    "eaten_at": "2026-03-01T08:00:00+01:00",
    "notes": "",
    "edibles": [{"name": name, "amount": None, "unit": ""} for name in ("Latte", "Milk")],
}
ENTRY = {"category": "Sleep", "option": "Step 1", "recorded_at": "2026-03-01T08:00:00+01:00", "notes": ""}
ARCHIVE: dict[str, Any] = {
    "format": "foodmood",
    "version": 1,
    "timezone": "Europe/Berlin",
    "edibles": [{"name": "Latte", "ingredients": ["Espresso", "Milk"]}]
    + [{"name": name, "ingredients": []} for name in ("Espresso", "Milk")],
    "meals": [MEAL, MEAL | {"title": "Second"}],
    "wellbeing": {"categories": [CATEGORY, CATEGORY | {"name": "Stress"}], "entries": [ENTRY, ENTRY]},
}
IN_THE_FILE = [
    ({"foods": 2}, "edibles: A diary can have up to 2 foods, not 3"),
    ({"ingredients": 1}, "edibles: All foods together can have up to 1 ingredients, not 2"),
    (
        {"ingredients_of_food": 1},
        "edibles[0].ingredients: A food can have up to 1 ingredients; “Latte” would have 2: combine some of them",
    ),
    ({"meals": 1}, "meals: A diary can have up to 1 meals, not 2"),
    ({"portions": 3}, "meals: All meals together can have up to 3 foods, not 4"),
    ({"portions_of_meal": 1}, "meals[0].edibles: A meal can have up to 1 foods; “Breakfast” would have 2"),
    ({"categories": 1}, "wellbeing.categories: A diary can have up to 1 categories, not 2"),
    ({"active_categories": 1}, "wellbeing.categories: You can rate up to 1 categories, not 2"),
    (
        {"steps_of_category": 2},
        "wellbeing.categories[1].options: A scale can have up to 2 steps; “Stress” would have 3",
    ),
    ({"entries": 1}, "wellbeing.entries: A diary can have up to 1 ratings, not 2"),
]
WITH_THE_DIARY = [
    ({"foods": 3}, "A diary can have up to 3 foods, not 4"),
    ({"containers_of_food": 0}, "A food can be an ingredient of up to 0 others; “Espresso” would be in 1"),
    ({"meals": 2}, "A diary can have up to 2 meals, not 3"),
    ({"meals_of_day": 2}, "A day can have up to 2 meals; March 1, 2026 would have 3"),
    ({"portions": 4}, "All meals together can have up to 4 foods, not 5"),
    ({"categories": 2}, "A diary can have up to 2 categories, not 3"),
    ({"active_categories": 2}, "You can rate up to 2 categories, not 3"),
    ({"entries": 2}, "A diary can have up to 2 ratings, not 3"),
    ({"entries_of_day": 2}, "A day can have up to 2 ratings; March 1, 2026 would have 3"),
]


@pytest.fixture
def diary(alice: User) -> None:
    """One of each, on the day of the file."""
    EntryFactory.create(option__category__owner=alice)
    PortionFactory.create(meal__owner=alice, edible=EdibleFactory.create(owner=alice))


def sent(client: Client, *, add: bool) -> str:
    file = SimpleUploadedFile("archive.json", json.dumps(ARCHIVE).encode())
    data = {"kind": "foodmood", "file": file} | ({"import": "1"} if add else {})
    answer = client.post("/data/import/", data)
    assert answer.status_code == 422
    return answer.content.decode()


def sizes(owner: User) -> list[int]:
    return [owner.edibles.count(), owner.meals.count(), owner.categories.count(), owner.entries.count()]


@pytest.mark.parametrize(("quotas", "said"), IN_THE_FILE)
def test_a_large_file_is_refused(
    alices: Client, alice: User, settings: Settings, quotas: dict[str, int], said: str
) -> None:
    settings.DIARY_QUOTAS = settings.DIARY_QUOTAS | quotas
    assert said in sent(alices, add=False)
    assert said in sent(alices, add=True)
    assert sizes(alice) == [0, 0, 0, 0]


@pytest.mark.parametrize(("quotas", "said"), WITH_THE_DIARY)
@pytest.mark.usefixtures("diary")
def test_file_and_diary_together_are_refused(
    alices: Client, alice: User, settings: Settings, quotas: dict[str, int], said: str
) -> None:
    settings.DIARY_QUOTAS = settings.DIARY_QUOTAS | quotas
    before = sizes(alice)
    assert said in sent(alices, add=False)
    assert said in sent(alices, add=True)
    assert sizes(alice) == before


def test_portions_added_to_a_meal_are_counted(alices: Client, alice: User, settings: Settings) -> None:
    meal = MealFactory.create(owner=alice, title="Breakfast", category="BREAKFAST", eaten_at=MEAL["eaten_at"])
    for _ in range(2):
        PortionFactory.create(meal=meal)
    settings.DIARY_QUOTAS = settings.DIARY_QUOTAS | {"portions_of_meal": 3}
    assert "A meal can have up to 3 foods; “Breakfast” would have 4" in sent(alices, add=True)


def test_the_command_is_refused(alice: User, settings: Settings, tmp_path: Path) -> None:
    settings.DIARY_QUOTAS = settings.DIARY_QUOTAS | {"meals": 1}
    file = tmp_path / "archive.json"
    file.write_text(json.dumps(ARCHIVE))
    with pytest.raises(CommandError, match="A diary can have up to 1 meals, not 2"):
        call_command("import_diary", str(file), user=alice.email, format="foodmood", stdout=StringIO())
    assert sizes(alice) == [0, 0, 0, 0]


def test_reading_alone_has_no_limits(settings: Settings) -> None:
    """What was exported once stays readable, for `manage.py analyse` too."""
    settings.DIARY_QUOTAS = dict.fromkeys(settings.DIARY_QUOTAS, 0)
    assert len(read_archive(json.dumps(ARCHIVE).encode()).meals) == 2
