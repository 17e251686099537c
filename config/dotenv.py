"""Read `.env`. A line that can't be understood stops the start: it may hold a secret, or a name that matters."""

import re
from collections.abc import Iterator

# Spaces, and what editors add: a byte order mark, which also stands where two files were joined.
SPACES = " \t\u00a0\ufeff"
ASSIGNMENT = re.compile(rf"(?:export[{SPACES}]+)?([A-Za-z_][A-Za-z0-9_]*)[{SPACES}]*=[{SPACES}]*(.*)")
QUOTED = re.compile(rf"""(?:'([^']*)'|"((?:[^"\\]|\\.)*)")(?:[{SPACES}]*(?:#.*)?)""")
ALLOWED_SPACES = str.maketrans(dict.fromkeys(SPACES, " "))
TYPOGRAPHIC = "“”„‘’‚«»`"


class UnreadableLinesError(ValueError):
    """Each message names a line by its number and never quotes it."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def parse(text: str) -> dict[str, str]:
    """Return the values by name. Of two lines with one name, the last counts."""
    values: dict[str, str] = {}
    problems: list[str] = []
    for number, line in _lines(text):
        try:
            name, value = _assignment(line)
        except ValueError as problem:
            problems.append(f"line {number} {problem}")
        else:
            values[name] = value
    if problems:
        raise UnreadableLinesError(problems)
    return values


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        stripped = line.strip(SPACES)
        if stripped and not stripped.startswith("#"):
            yield number, stripped


def _assignment(line: str) -> tuple[str, str]:
    found = ASSIGNMENT.fullmatch(line)
    if found is None:
        raise ValueError("is not NAME=value: correct it, or put # before it")
    name, value = found[1], found[2]
    if not value.translate(ALLOWED_SPACES).isprintable():
        raise ValueError("holds a control character: type the value again")
    if value[:1] in ("'", '"'):
        quoted = QUOTED.fullmatch(value)
        if quoted is None:
            raise ValueError("has a quote that isn't closed, or something after the closing quote")
        return name, quoted[1] if quoted[1] is not None else re.sub(r"\\([^nrt])", r"\1", quoted[2])
    if value[:1] and value[0] in TYPOGRAPHIC:
        raise ValueError("has typographic quotes: write ' or \", or none")
    if re.search(rf"[{SPACES}]#", value):
        raise ValueError(
            "has a # after its value: move the comment to a line of its own, or put quotes around the value"
        )
    return name, value
