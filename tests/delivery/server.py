"""A server with Debian on it, of which a test is root: its files are a folder here, and its systemd is started in a
container of systemd's own kind.
"""

import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.delivery.debian import FOLDER, alone, pip_here
from tests.delivery.network import NAME_SERVER
from tests.foodmood.processes import children, until
from tests.services import program

# What Debian's own installer puts beside the least.
INSTALLED = ("adduser", "ca-certificates", "dbus", "systemd-sysv")
SECONDS_TO_HALT = 60
UP = ("running", "degraded")


@dataclass(frozen=True)
class Server:
    """One that is running."""

    process: "subprocess.Popen[bytes]"

    def type(self, commands: str, **environment: str) -> str:
        """What root types at a new shell, and what it says. A failure ends the test."""
        done = self._typed(commands, environment)
        assert done.returncode == 0, f"{commands}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done.stdout.strip()

    def state(self) -> str:
        """As systemd calls it: `running` when all is up and nothing has failed, `degraded` when something has."""
        return self._typed("systemctl is-system-running", {}).stdout.strip()

    def _typed(self, commands: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        enter = [program("nsenter", "util-linux"), f"--target={self._init()}"]
        enter += ["--mount", "--uts", "--ipc", "--pid", "--net", "--cgroup"]
        variables = {"HOME": "/root", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", **environment}
        shell = ["env", "--ignore-environment", *(f"{name}={value}" for name, value in variables.items())]
        return subprocess.run(  # noqa: S603 -- our own guide's
            [*enter, *shell, "bash", "-e", "-c", commands],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def _init(self) -> int:
        """Its first process; 0, which is nobody's number, until it is there."""
        ours = Path("/proc/self/ns/pid").readlink()
        with suppress(FileNotFoundError):  # that has just ended
            return next((it for it in children(self.process) if Path(f"/proc/{it}/ns/pid").readlink() != ours), 0)
        return 0


@contextmanager
def installed(base: Path) -> Iterator[Path]:
    """A new server's files, as Debian's installer leaves them, and with this machine's way to packages.

    In this thread's network, which has to have a way out.
    """
    files = FOLDER / "server"
    with alone("server"), _laid_out(base, files):
        (files / "etc/hosts").write_text("127.0.0.1 localhost\n")
        (files / "etc/resolv.conf").write_text(f"nameserver {NAME_SERVER}\n")
        text, wanted = pip_here()
        (files / "etc/pip.conf").write_text(text)
        for inside, outside in wanted.items():
            place = files / inside.lstrip("/")
            (shutil.copytree if outside.is_dir() else _copy)(outside, place)
        apt = "DEBIAN_FRONTEND=noninteractive apt-get --quiet --quiet --no-install-recommends --yes install"
        _in(files, "sh", "-e", "-c", f"apt-get -qq update; {apt} {shlex.join(INSTALLED)}")
        yield files


@contextmanager
def _laid_out(base: Path, files: Path) -> Iterator[None]:
    shutil.rmtree(files, ignore_errors=True)
    files.mkdir(parents=True)
    try:
        subprocess.run(["tar", "--extract", f"--file={base}", f"--directory={files}"], check=True)  # noqa: S603, S607 -- the system's
        yield
    finally:
        shutil.rmtree(files)


@contextmanager
def booted(files: Path, mounts: Mapping[str, Path]) -> Iterator[Server]:
    """In this thread's network, from when all is up until it is halted, as by its button."""
    bound = [f"--bind-ro={outside}:{inside}" for inside, outside in mounts.items()]
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(  # noqa: S603 -- systemd's own
            [*_container(files), *bound, "--boot"], stdin=subprocess.DEVNULL, stdout=log, stderr=log
        ) as process,
    ):
        server = Server(process)
        try:
            until(lambda: process.poll() is not None or server.state() in UP, "the server to be up")
            assert process.poll() is None, log.seek(0) or log.read()[-3000:]
            assert server.state() == "running", server.type("systemctl --failed --no-pager")
            yield server
            process.terminate()
            process.wait(SECONDS_TO_HALT)
        finally:
            process.kill()


def _container(files: Path) -> list[str]:
    """Without a word to this machine's own systemd, if it has one."""
    nspawn = program("systemd-nspawn", "systemd-container")
    return [nspawn, "--quiet", "--register=no", "--keep-unit", f"--directory={files}", "--resolv-conf=off"]


def _in(files: Path, *command: str) -> None:
    done = subprocess.run([*_container(files), "--pipe", *command], capture_output=True, text=True, check=False)  # noqa: S603 -- our own
    assert done.returncode == 0, f"{shlex.join(command)}: {done.stdout[-3000:]}{done.stderr[-3000:]}"


def _copy(outside: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(outside, place)
