"""docs/troubleshooting.md, row by row."""

import re
from dataclasses import dataclass

from config.env import BASE_DIR

PAGE = BASE_DIR / "docs" / "troubleshooting.md"


@dataclass(frozen=True)
class Row:
    """`message` is the code in the first cell, where … stands for anything; a page's words need no code."""

    message: str
    shown_by: str

    @property
    def pieces(self) -> list[str]:
        """What of it is the same each time."""
        return [piece.strip() for piece in self.message.split("…") if piece.strip()]

    def is_in(self, said: str) -> bool:
        """However lines are broken and JSON quotes."""
        flat = re.sub(r"\s+", " ", said.replace('\\"', '"'))
        return re.search(".+?".join(map(re.escape, self.message.split("…"))), flat) is not None


def rows() -> list[Row]:
    found = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split(" | ")]
        if line.startswith("|") and cells[0] != "You see" and not cells[0].startswith("-"):
            assert len(cells) == 4, line
            messages = re.findall(r"`([^`]+)`", cells[0])
            # Where a command is named before what it says, the message comes last.
            found.append(Row(messages[-1], cells[3].strip("`")))
    return found
