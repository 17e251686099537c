"""What a guide of docs/ has its reader type."""

import re

from config.env import BASE_DIR


def commands(page: str) -> dict[str, list[str]]:
    """The blocks of commands under each of its headings, in its order."""
    sections = re.split(r"^## (.+)$", (BASE_DIR / "docs" / page).read_text("utf-8"), flags=re.MULTILINE)[1:]
    return {title: _blocks(text) for title, text in zip(sections[::2], sections[1::2], strict=True)}


def _blocks(text: str) -> list[str]:
    found = re.findall(r"(?:^    .*\n)+", text, re.MULTILINE)
    return [re.sub(r"^    ", "", block, flags=re.MULTILINE) for block in found]
