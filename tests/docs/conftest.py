from collections.abc import Callable

import pytest

from tests.docs.guide import rows


@pytest.fixture
def in_the_guide(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Holds what was really said to the row of docs/troubleshooting.md that names this test."""

    def hold(said: str) -> None:
        [row] = [row for row in rows() if row.shown_by == request.node.nodeid.partition("[")[0]]
        assert row.is_in(said), f"{row.message}\nis not in\n{said}"

    return hold
