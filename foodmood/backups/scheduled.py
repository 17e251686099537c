"""What the worker starts. It goes on beside it, because a task has to end within minutes; a BackupRun tells how."""

import subprocess
import sys
import threading


def backup() -> None:
    _start("backup")


def drill() -> None:
    _start("backup_drill")


def _start(command: str) -> None:
    process = subprocess.Popen([sys.executable, sys.argv[0], command])  # noqa: S603 -- our own command
    threading.Thread(target=process.wait, daemon=True).start()
