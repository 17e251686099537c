"""Whoever catches an error says which; whoever catches any of them, or keeps silent, says why."""

import ast
from collections.abc import Iterator

import pytest

from config.env import BASE_DIR

FOLDERS = ("apps", "config", "foodmood", "benchmarks", "docs", "locale", "tools")
FILES = [*BASE_DIR.glob("*.py"), *(file for folder in FOLDERS for file in (BASE_DIR / folder).rglob("*.py"))]
ANY = {"Exception", "BaseException"}


def unreasoned(source: str) -> Iterator[int]:
    """The lines of handlers that catch everything, or do nothing, without a comment that says why."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ExceptHandler):
            passes = all(isinstance(statement, ast.Pass) for statement in node.body)
            hides = catches_all(node) and not isinstance(node.body[-1], ast.Raise)
            body_begins = lines[node.lineno - 1 : node.body[0].lineno]
            if (hides or passes) and not any("#" in line for line in body_begins):
                yield node.lineno


def catches_all(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    return bool(ANY & {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)})


def test_whoever_catches_every_error_or_keeps_silent_says_why() -> None:
    found = {str(file.relative_to(BASE_DIR)): list(unreasoned(file.read_text(encoding="utf-8"))) for file in FILES}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    ("handler", "is_found"),
    [
        ("except:\n    print()", True),
        ("except Exception:\n    print()", True),
        ("except (OSError, BaseException) as error:\n    print(error)", True),
        ("except OSError:\n    pass", True),
        ("except Exception:\n    print()\n    raise", False),
        ("except Exception as error:\n    raise OSError from error", False),
        ("except Exception:  # a plug-in may fail in any way\n    print()", False),
        ("except OSError:\n    pass  # it is gone already", False),
        ("except OSError as error:\n    print(error)", False),
    ],
)
def test_a_handler_is_found_that_should_say_why(handler: str, is_found: bool) -> None:
    assert list(unreasoned(f"try:\n    print()\n{handler}\n")) == [3] * is_found
