"""An application whose requests each leave a file in a folder, and stay a moment, or until the door is open."""

import os
import time
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

FOLDER, DOOR = "WAITING_ROOM", "door"


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    if environ["PATH_INFO"] != "/health/":
        room = Path(os.environ[FOLDER])
        (room / f"{os.getpid()}-{uuid.uuid4()}").touch()
        time.sleep(0.02)
        while not (room / DOOR).exists():
            time.sleep(0.02)
    start_response("200 OK", [("Content-Length", "0")])
    return []
