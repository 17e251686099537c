"""deploy/systemd: as systemd itself judges it, and started as systemd starts it."""

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from config.env import BASE_DIR
from tests.config.test_gunicorn import ENVIRONMENT, get
from tests.foodmood.processes import until
from tests.services import program

DEPLOY = BASE_DIR / "deploy" / "systemd"
UNITS = sorted(path.name for path in DEPLOY.glob("foodmood-*.*") if path.is_file())
SERVICES = [name for name in UNITS if name.endswith(".service")]
MOST_EXPOSED = 20  # of 100; systemd calls a service that says nothing 96, "UNSAFE"

# The socket is the third descriptor, and is meant for this process alone.
AS_SYSTEMD_DOES = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
os.execv(sys.argv[2], sys.argv[2:])
"""


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units, with this checkout for the version that an operator has put up."""
    folder = tmp_path / "units"
    shutil.copytree(DEPLOY, folder)
    for path in folder.rglob("*.*"):
        if path.is_file():
            path.write_text(path.read_text("utf-8").replace("/srv/foodmood/current", str(BASE_DIR)), "utf-8")
    virtual = BASE_DIR / ".venv" / "bin"
    for name in SERVICES:
        path = folder / name
        path.write_text(path.read_text("utf-8").replace(str(virtual), str(Path(sys.executable).parent)), "utf-8")
    return folder


def said(path: Path, name: str) -> list[str]:
    """What a unit says by that name."""
    return re.findall(rf"^{name}=(.*)$", path.read_text("utf-8"), re.MULTILINE)


def analyze(folder: Path, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 -- our own command
        [program("systemd-analyze", "systemd"), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_nothing_to_complain_of(units: Path, name: str) -> None:
    assert analyze(units, "verify", f"./{name}") == ""


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_may_do_little_but_its_work(units: Path, name: str) -> None:
    judged = analyze(units, "security", "--offline=true", "--no-pager", f"--threshold={MOST_EXPOSED}", f"./{name}")
    assert "Overall exposure level" in judged


def test_units_run_what_the_procfile_runs() -> None:
    procfile = dict(line.split(": ", 1) for line in (BASE_DIR / "Procfile").read_text("utf-8").splitlines())
    environment = said(DEPLOY / "foodmood-.service.d" / "foodmood.conf", "Environment")[0].split()
    for name, line in procfile.items():
        (command,) = said(DEPLOY / f"foodmood-{name}.service", "ExecStart")
        given, _, wanted = re.sub(r"\$\{\w+:-(\w+)\}", r"\1", line).replace("exec ", "").partition(" ")
        words = shlex.split(f"{given} {wanted}")
        settings = [word for word in words if "=" in word]
        assert set(settings) <= set(environment), name
        assert command == "/srv/foodmood/current/.venv/bin/" + " ".join(words[len(settings) :]), name


@contextmanager
def started(units: Path, listening: socket.socket, environment: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """The web, from when it tells systemd that it is ready."""
    (command,) = said(units / "foodmood-web.service", "ExecStart")
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as notices:
        address = units / f"notify.{os.urandom(4).hex()}"
        notices.bind(str(address))
        notices.settimeout(120)
        process = subprocess.Popen(  # noqa: S603 -- our own command
            [sys.executable, "-c", AS_SYSTEMD_DOES, str(listening.fileno()), *shlex.split(command)],
            cwd=BASE_DIR,
            env=environment | {"NOTIFY_SOCKET": str(address)},
            pass_fds=[listening.fileno()],
        )
        try:
            assert "READY=1" in notices.recv(4096).decode()
            yield process
        finally:
            process.terminate()
            process.wait(timeout=60)


def test_a_restart_of_the_web_fails_no_request(units: Path, tmp_path: Path) -> None:
    assert said(units / "foodmood-web.service", "Type") == ["notify"]
    given = [
        each.split("=") for each in said(units / "foodmood-.service.d" / "foodmood.conf", "Environment")[0].split()
    ]
    environment = ENVIRONMENT | dict(given) | {"DATABASE_URL": f"sqlite:///{tmp_path}/foodmood.sqlite3"}
    enough = threading.Event()
    seen: list[str] = []

    def visit(address: str) -> None:
        while not enough.wait(0.02):
            try:
                seen.append(str(get(address)[0]))
            except OSError as error:
                seen.append(repr(error))

    def some_more_visits() -> None:
        now = len(seen)
        until(lambda: len(seen) > now + 5, "some more visits")

    with closing(socket.create_server(("127.0.0.1", 0), backlog=1024)) as listening:
        visitor = threading.Thread(target=visit, args=[f"http://127.0.0.1:{listening.getsockname()[1]}/health/"])
        visitor.start()
        try:
            with started(units, listening, environment) as old:
                some_more_visits()
                old.send_signal(signal.SIGTERM)
                assert old.wait(timeout=60) == 0
            with started(units, listening, environment):
                some_more_visits()
                enough.set()
                visitor.join()
        finally:
            enough.set()
            listening.close()  # else a visitor would wait for nobody
            visitor.join()
    assert set(seen) == {"200"}
