"""Each message of docs/troubleshooting.md is brought about by the test that its row names."""

import ast

import pytest

from config.env import BASE_DIR
from tests.docs.guide import Row, rows


def source(test: str) -> str:
    path, _, name = test.partition("::")
    text = (BASE_DIR / path).read_text(encoding="utf-8")
    [function] = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef) and node.name == name]
    return str(ast.get_source_segment(text, function))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.message)
def test_every_message_is_held_to_what_is_really_said(row: Row) -> None:
    text = source(row.shown_by)
    assert "in_the_guide(" in text or all(piece in text for piece in row.pieces)


def test_there_is_a_row_for_what_goes_wrong() -> None:
    assert len(rows()) > 30


def test_another_message_is_not_taken_for_it() -> None:
    assert Row("Migration … failed", "").is_in("CommandError: Migration meals.0003_bad\nfailed: ValueError")
    assert not Row("Migration … failed", "").is_in("Migration failed")
    assert not Row("Migration … failed", "").is_in("Release … failed")
