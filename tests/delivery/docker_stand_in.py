"""Where no Docker runs: does with processes what `deploy/roll-out` asks compose for, from the files of the clone.

What it starts is the real FoodMood of that version, behind TLS. Its answers are compose's: a failure of a command, or
of a process that does not get well, is a failure of the call.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

PYTHON = sys.executable
PID = Path("web.pid")
WORKER_PID = Path("worker.pid")
VERSION = Path("web.version")  # from whose files the process was started


def manage(*arguments: str) -> int:
    return subprocess.run([PYTHON, "manage.py", *arguments], check=False).returncode  # noqa: S603 -- our own commands


def up() -> int:
    """A new version's processes take the place of the old one's."""
    for pid in (PID, WORKER_PID):
        if pid.exists():
            os.kill(int(pid.read_text()), signal.SIGTERM)
            pid.unlink()
    time.sleep(0.5)
    VERSION.write_text(subprocess.run(["git", "describe", "--tags"], check=True, capture_output=True, text=True).stdout)  # noqa: S607 -- the PATH's
    # One process, which goes on when this one ends.
    bind = f"127.0.0.1:{os.environ['STAND_IN_PORT']}"
    tls = ["--certfile", os.environ["STAND_IN_TLS"], "--keyfile", os.environ["STAND_IN_TLS"]]
    command = [PYTHON, "-m", "gunicorn", "config.wsgi", "--bind", bind, "--pid", str(PID.absolute()), *tls]
    with Path("web.log").open("w") as log:
        subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)  # noqa: S603 -- our own server
    with Path("worker.log").open("w") as log:
        command = [PYTHON, "manage.py", "qcluster"]
        worker = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)  # noqa: S603 -- our own
    WORKER_PID.write_text(str(worker.pid))
    for _ in range(300):
        if PID.exists() and b"Booting worker" in Path("web.log").read_bytes():
            return 0
        time.sleep(0.1)
    return 1


def wait() -> int:
    """Until the worker says that it is well. Web asks itself without TLS, which here it has."""
    for _ in range(10):
        if manage("worker_ready") == 0:
            return 0
        time.sleep(0.5)
    return 1


def main(arguments: list[str]) -> int:
    match arguments:
        case ["compose", "--file", "docker-compose.prod.yml", "pull", *_]:
            return manage("collectstatic", "--noinput", "--verbosity=0")
        case ["compose", "--file", "docker-compose.prod.yml", "run", "--rm", "release"]:
            return manage("release", "--verbosity=0")
        # Without what it depends on, compose calls a service another, and starts it anew with the next `up`.
        case ["compose", "--file", "docker-compose.prod.yml", "up", *options] if "--no-deps" not in options:
            return wait() if "--wait" in options else up()
        case ["compose", "--file", "docker-compose.prod.yml", "build" | "restart" as what, *services]:
            with Path("docker.log").open("a") as log:
                log.write(f"{what} {' '.join(services)}\n")
            return 0
    print("The stand-in does not know:", *arguments, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
