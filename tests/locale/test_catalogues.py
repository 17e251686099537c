"""Both languages keep step: what a page can say is there in German, whole, and compiled."""

import re
import shutil
from collections import Counter
from pathlib import Path

import allauth
import axes
import django
import polib
import pytest
from django.core.management import call_command
from pytest_django import Settings

from config.env import BASE_DIR
from tests.services import program

OURS = BASE_DIR / "locale/de/LC_MESSAGES/django.po"
LIBRARIES = BASE_DIR / "locale/libraries/de/LC_MESSAGES/django.po"
ENGLISH = BASE_DIR / "locale/libraries/en/LC_MESSAGES/django.po"
# Libraries whose pages and messages people see; the admin's are an operator's.
SPOKEN = {
    "allauth": Path(allauth.__path__[0]),
    "axes": Path(axes.__path__[0]),
    "django": Path(django.__path__[0]) / "conf",
    "django.contrib.auth": Path(django.__path__[0]) / "contrib/auth",
}
FORMAL = re.compile(r"\b(?:Sie|Ihr|Ihre[mnrs]?|Ihnen)\b")
PLACEHOLDERS = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|%%|<[^>]+>")

both = pytest.mark.parametrize("path", [OURS, LIBRARIES], ids=["ours", "libraries"])
each = pytest.mark.parametrize("path", [OURS, LIBRARIES, ENGLISH], ids=["ours", "libraries", "english"])
of_libraries = pytest.mark.parametrize("path", [LIBRARIES, ENGLISH], ids=["german", "english"])


def catalogue(path: Path) -> polib.POFile:
    return polib.pofile(str(path))


def german(entry: polib.POEntry) -> list[str]:
    return [*entry.msgstr_plural.values()] or [entry.msgstr]


def keys(entries: polib.POFile) -> set[tuple[str | None, str]]:
    return {(entry.msgctxt, entry.msgid) for entry in entries if not entry.obsolete}


@each
def test_what_is_compiled_is_what_is_written(path: Path) -> None:
    assert path.with_suffix(".mo").read_bytes() == catalogue(path).to_binary(), "Run `make messages`."


@each
def test_nothing_is_missing_guessed_or_left_over(path: Path) -> None:
    assert [entry.msgid for entry in catalogue(path) if not entry.translated() or entry.obsolete] == []


@each
def test_placeholders_and_markup_are_those_of_the_english(path: Path) -> None:
    for entry in catalogue(path):
        english = entry.msgid_plural or entry.msgid
        for number, text in enumerate(german(entry)):
            allowed = [english] if number else [english, entry.msgid]
            assert Counter(PLACEHOLDERS.findall(text)) in [Counter(PLACEHOLDERS.findall(each)) for each in allowed], (
                text
            )


@both
def test_people_are_addressed_as_friends_and_quoted_as_germans_do(path: Path) -> None:
    for entry in catalogue(path):
        for text in german(entry):
            prose = re.sub(r"<[^>]+>", "", text)
            assert not FORMAL.search(prose), text
            assert prose.count("„") == prose.count("“"), text
            assert not re.search("[”‘’]", prose), text


def test_every_message_has_its_german(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for tool in ("xgettext", "msgmerge"):
        program(tool, "gettext")
    # Of a copy: extraction writes beside its sources.
    for folder in ("apps", "config", "foodmood", "templates"):
        shutil.copytree(BASE_DIR / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "locale").mkdir()
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    monkeypatch.chdir(tmp_path)
    call_command("makemessages", locale=["de"], verbosity=0)
    fresh = keys(catalogue(tmp_path / "locale/de/LC_MESSAGES/django.po"))
    assert fresh - keys(catalogue(OURS)) == set(), "Run `make messages` and translate these."
    assert keys(catalogue(OURS)) - fresh == set(), "Run `make messages`: nobody says these any more."


@of_libraries
def test_what_we_say_otherwise_than_a_library_is_what_it_says(path: Path) -> None:
    for name, folder in SPOKEN.items():
        said = keys(catalogue(folder / "locale/de/LC_MESSAGES/django.po"))
        assert keys(polib.POFile([entry for entry in catalogue(path) if entry.comment == name])) - said == set()
    assert {entry.comment for entry in catalogue(path)} <= SPOKEN.keys()


@pytest.mark.parametrize("name", SPOKEN)
def test_where_a_library_is_formal_we_say_it_otherwise(name: str) -> None:
    theirs = catalogue(SPOKEN[name] / "locale/de/LC_MESSAGES/django.po")
    formal = polib.POFile([entry for entry in theirs if any(map(FORMAL.search, german(entry)))])
    assert keys(formal) - keys(catalogue(LIBRARIES)) - keys(catalogue(OURS)) == set()
