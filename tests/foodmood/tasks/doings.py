"""What the worker does in these tests. Each call leaves a line in a file."""

import os
import signal
import time
from pathlib import Path


class UnluckyError(Exception):
    pass


def note(file: str, line: str = "done") -> None:
    with Path(file).open("a") as lines:
        lines.write(f"{line}\n")


def fail(file: str) -> None:
    note(file, "failed")
    raise UnluckyError("alice@example.org ate Milk")


def die(file: str) -> None:
    """As when memory runs out: nobody is told."""
    note(file, "died")
    os.kill(os.getpid(), signal.SIGKILL)


def wait_for(file: str, signal_file: str) -> None:
    note(file, f"begun {os.getpid()}")
    while not Path(signal_file).exists():
        time.sleep(0.05)
    note(file, "done")


def be_deaf(file: str) -> None:
    """As some libraries, while they are at it: no signal gets through but SIGKILL."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM, signal.SIGTERM})
    note(file, f"begun {os.getpid()}")
    while True:
        time.sleep(1)


def lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []
