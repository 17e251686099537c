"""What a process that a test starts takes over from this one. All else of its environment is the test's to say."""

import os

NAMES = (
    "PATH",
    "COVERAGE_PROCESS_CONFIG",  # where `make test MEASURED=1` measures, what it starts is measured as well
)


def inherited() -> dict[str, str]:
    return {name: os.environ[name] for name in NAMES if name in os.environ}
