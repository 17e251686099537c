"""Every word that a template shows is marked for translation."""

import re
from pathlib import Path

import pytest

from config.env import BASE_DIR

TEMPLATES = sorted((BASE_DIR / "templates").rglob("*.*"))
BLOCKS = re.compile(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
NOT_SHOWN = re.compile(r"{%\s*comment\b.*?{%\s*endcomment\s*%}|{#.*?#}|<!--.*?-->|<(style|script)\b.*?</\1>", re.DOTALL)
SHOWN_ATTRIBUTE = re.compile(r'\b(?:alt|aria-label|placeholder|title)="([^"]*)"')
TAG = re.compile(r"<[^<>]*>")
CODE = re.compile(r"{%.*?%}|{{.*?}}|&\w+;", re.DOTALL)
NAMES = re.compile(r"\bFoodMood\b")


def words(text: str) -> str:
    return " ".join(re.findall(r"[^\W\d_]{2,}", NAMES.sub("", text)))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(BASE_DIR / "templates")))
def test_no_word_stands_outside_a_translation(path: Path) -> None:
    source = NOT_SHOWN.sub("", BLOCKS.sub("", path.read_text(encoding="utf-8")))
    source = CODE.sub("", source)
    assert [words(found) for found in SHOWN_ATTRIBUTE.findall(source) if words(found)] == []
    assert words(TAG.sub(" ", source)) == ""
