"""What a test needs that not every machine has."""

import os
import shutil

import pytest


def needed(found: object, reason: str) -> None:
    """Skips by name what can't be tried here; where everything has to be, that is a failure."""
    if not found:
        if os.environ.get("REQUIRE_SERVICES") == "1":
            pytest.fail(reason)
        pytest.skip(reason)


def program(name: str, package: str = "") -> str:
    """Its path; a test without it is skipped. `package` is Debian's, if it has another name."""
    path = shutil.which(name)
    needed(path, f"No {name} on the PATH (Debian: apt install {package or name}).")
    return str(path)
