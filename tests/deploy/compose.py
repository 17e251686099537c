"""What a compose file says when all is filled in, by an implementation of compose."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from config.env import BASE_DIR
from tests.services import program

HOST = "food.example.org"


def composed(file: str, **environment: str) -> dict[str, Any]:
    """Profiles or not: with every service."""
    program("podman")  # podman-compose asks for its version; no container is run
    command = [str(Path(sys.executable).parent / "podman-compose"), "--file", file, "--profile", "by-hand", "config"]
    done = subprocess.run(  # noqa: S603 -- our own tool
        command,
        cwd=BASE_DIR,
        env={"PATH": os.environ["PATH"], "HOME": os.environ["HOME"]} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = yaml.safe_load(done.stdout)
    return said
