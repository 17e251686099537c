"""The site below a path of its host."""

from typing import Any

import pytest

from foodmood.sub_path import below


def echo(environ: dict[str, Any], _start_response: Any) -> list[bytes]:
    return [f"{environ.get('SCRIPT_NAME', '')} {environ['PATH_INFO']}".encode()]


@pytest.mark.parametrize(
    ("asked", "served"),
    [
        ("/food", "/food "),
        ("/food/meals/", "/food /meals/"),
        ("/meals/", "/food /meals/"),  # the proxy has removed it, or a health check comes past the proxy
        ("/foodstuff/", "/food /foodstuff/"),
    ],
)
def test_prefix_is_taken_off_once(asked: str, served: str) -> None:
    assert list(below("/food", echo)({"PATH_INFO": asked}, None)) == [served.encode()]


def test_without_a_prefix_nothing_changes() -> None:
    assert below("", echo) is echo
