"""A version with a migration that fails half way; with MENDED=1 the one that was deployed after it."""

from tests.faults.settings import *  # noqa: F403 -- settings

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.half_way"]  # type: ignore[has-type]  # noqa: F405 -- as above
