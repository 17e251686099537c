"""What another tab does in the moment between what a page has read and what it writes."""

from collections.abc import Callable
from typing import Any

import pytest


def just_before(monkeypatch: pytest.MonkeyPatch, place: Any, action: str, deed: Callable[[], object]) -> None:
    """The action, as this module calls it, begins when the deed is done."""
    act = getattr(place, action)

    def later(*args: Any, **kwargs: Any) -> Any:
        deed()
        return act(*args, **kwargs)

    monkeypatch.setattr(place, action, later)
