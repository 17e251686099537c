"""Debian, laid out by its own installer, for what is built on it; and this machine's ways to packages."""

import fcntl
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.env import VAR_DIR
from tests.services import program

FOLDER = VAR_DIR / "images"  # kept: to lay out Debian anew takes a minute
# As the published image has them: with security updates.
SOURCES = """\
deb {mirror} trixie main
deb {mirror} trixie-updates main
deb {mirror}-security trixie-security main
"""
NOT_IN_SLIM = (
    "usr/share/doc",
    "usr/share/man",
    "usr/share/info",
    "usr/share/locale",
    "var/cache/apt",
    "var/lib/apt/lists",
)
PIP = ("cert", "find-links", "index-url", "proxy", "trusted-host", "default-timeout")


@contextmanager
def alone(at: str) -> Iterator[None]:
    """However many processes of pytest want to be at it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / f"{at}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def mirror() -> str:
    """Where this machine's own packages of Debian come from."""
    listed = subprocess.run(  # noqa: S603 -- Debian's own
        [program("apt-get"), "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=True,
    )
    found = [address.rstrip("/") for address in listed.stdout.split()]
    return next(address for address in found if address.endswith("/debian"))


def debian() -> Path:
    """What the published image holds: the least that Debian calls a system, without its documentation. An archive."""
    packed = FOLDER / "debian-trixie.tar"
    with alone("debian"):
        if not packed.exists():
            _lay_out(packed)
    return packed


def _lay_out(packed: Path) -> None:
    files = FOLDER / "debian-trixie"
    shutil.rmtree(files, ignore_errors=True)
    done = subprocess.run(  # noqa: S603 -- Debian's own
        [program("debootstrap"), "--variant=minbase", "trixie", str(files), mirror()],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    (files / "etc/apt/sources.list").write_text(SOURCES.format(mirror=mirror()))
    for folder in NOT_IN_SLIM:
        shutil.rmtree(files / folder)
        (files / folder).mkdir()
    half = FOLDER / "debian-trixie.half"
    subprocess.run(["tar", "--create", f"--file={half}", f"--directory={files}", "."], check=True)  # noqa: S603, S607 -- as above
    shutil.rmtree(files)
    half.rename(packed)


def pip_here() -> tuple[str, dict[str, Path]]:
    """How this machine's pip reaches its packages: a pip.conf, and what it speaks of, by where that has to lie."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 -- our own command
    found = dict(re.findall(r"^(?:global|:env:)\.(\S+?)='(.*)'$", listed, re.MULTILINE))
    settings = {name: found[name] for name in PIP if name in found}
    files = {}
    for name, value in settings.items():
        if Path(value).exists():
            settings[name] = f"/etc/pip/{name}"
            files[settings[name]] = Path(value)
    return "\n".join(["[global]", *(f"{name} = {value}" for name, value in settings.items())]), files
