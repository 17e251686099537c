"""docs/interfaces.md and docs/archive-format.md name what there is for programs, as it is."""

import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command, get_commands

from apps.archive.reader import read_archive
from apps.archive.writer import write_archive
from config.env import BASE_DIR

PAGE = (BASE_DIR / "docs" / "interfaces.md").read_text(encoding="utf-8")
FORMAT = (BASE_DIR / "docs" / "archive-format.md").read_text(encoding="utf-8")


def example(page: str) -> Any:
    found = re.search(r"```json\n(.*?)```", page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def rows(heading: str) -> set[str]:
    """What the first cells of a section's table name."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    cells = re.findall(r"(?m)^\| (.+?) \|", section)
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def test_every_command_of_ours_is_there() -> None:
    ours = {name for name, app in get_commands().items() if str(app).startswith(("apps.", "foodmood"))}
    assert rows("Commands") == ours


def test_every_address_that_is_for_machines_is_there() -> None:
    wired = (BASE_DIR / "config" / "urls.py").read_text(encoding="utf-8")  # all: some are there with a secret only
    found = rows("Addresses for machines")
    probes = {"/health/", "/ready/", "/metrics"}  # answered before Django looks for an address
    assert found == probes | {"/csp-report/", "/mail/webhooks/"}
    assert all(f'path("{address.strip("/")}/", ' in wired for address in found - probes)


def test_the_archive_of_the_page_is_one_and_comes_back_as_it_is() -> None:
    archive = read_archive(json.dumps(example(FORMAT)).encode())
    again = read_archive(write_archive(archive))
    assert set(again.edibles) == set(archive.edibles)  # written in order
    assert (again.meals, again.categories, again.entries) == (archive.meals, archive.categories, archive.entries)


@pytest.mark.django_db
def test_what_analyse_prints_has_the_keys_of_the_page(tmp_path: Path) -> None:
    file = tmp_path / "diary.json"
    call_command("demo", stdout=StringIO())
    call_command("export_diary", str(file), user="demo@foodmood.example")
    printed = StringIO()
    call_command("analyse", str(file), format="json", stdout=printed)
    outcomes = json.loads(printed.getvalue())["outcomes"]
    told = example(PAGE)["outcomes"][0]
    pattern = next(pattern for outcome in outcomes for pattern in outcome["patterns"] if "needed" not in pattern)
    assert {"file", "outcomes"} == json.loads(printed.getvalue()).keys()
    assert told.keys() <= outcomes[0].keys()
    assert told["patterns"][0].keys() == pattern.keys()
